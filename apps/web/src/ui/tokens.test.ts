import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const pair = /--([\w-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\)/g;
const colours = new Map(
  [...css.matchAll(pair)].map(([, name = '', light = '', dark = '']) => [name, { light, dark }]),
);

/** Relative luminance of WCAG 2 from `lightness chroma hue`. */
function luminance(oklch: string): number {
  const [lightness = 0, chroma = 0, hue = 0] = oklch.split(' ').map(Number);
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (channel: number) => Math.min(1, Math.max(0, channel));
  const red = clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(fore: string, ground: string, theme: 'light' | 'dark'): number {
  const [one, other] = [fore, ground].map((name) => {
    const colour = colours.get(name);
    if (colour === undefined) throw new Error(`no colour --${name}`);
    return luminance(colour[theme]) + 0.05;
  });
  if (one === undefined || other === undefined) throw new Error('two colours make a contrast');
  return Math.max(one, other) / Math.min(one, other);
}

const states = [...colours.keys()].filter((name) => name.startsWith('state-'));

for (const theme of ['light', 'dark'] as const) {
  test(`${theme}: text has 4.5:1 on every ground that it stands on`, () => {
    for (const ground of ['n1', 'n2', 'n3', 'accent-tint']) {
      for (const text of ['n11', 'n12', 'accent', 'danger']) {
        expect(contrast(text, ground, theme), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast('n10', 'n1', theme), 'placeholder').toBeGreaterThanOrEqual(4.5);
    expect(contrast('on-accent', 'accent', theme), 'primary button').toBeGreaterThanOrEqual(4.5);
    expect(contrast('on-accent', 'accent-strong', theme), 'primary button, hover').toBeGreaterThanOrEqual(
      4.5,
    );
  });

  test(`${theme}: every colour of a program's output can be read, also as a ground`, () => {
    const outputs = [...colours.keys()].filter((name) => name.startsWith('ansi-'));
    expect(outputs).toHaveLength(8);
    for (const text of outputs) {
      for (const ground of ['n1', 'n2']) {
        expect(contrast(text, ground, theme), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast('n12', 'mark', theme), 'found text').toBeGreaterThanOrEqual(4.5);
  });

  test(`${theme}: marks of all eight states and borders of inputs have 3:1`, () => {
    expect(states).toHaveLength(8);
    for (const mark of states) {
      for (const ground of ['n1', 'n2', 'n4', 'accent-tint']) {
        expect(contrast(mark, ground, theme), `${mark} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
    }
    expect(contrast('n9', 'n1', theme), 'input border').toBeGreaterThanOrEqual(3);
  });
}
