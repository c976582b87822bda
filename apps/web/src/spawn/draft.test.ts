import { describe, expect, test } from 'vitest';
import { dropSentDraft, keepDraft, readDraft, type DraftStore } from './draft.ts';
import { itemsOf } from './rows.ts';
import { emptySpawnForm, type SpawnForm } from './spawn-form.ts';

const KEY = 'hostmesh-spawn:mesh_1';

function memoryStore(
  given: Record<string, string> = {},
): DraftStore & { readonly texts: Map<string, string> } {
  const texts = new Map(Object.entries(given));
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  };
}

const form: SpawnForm = {
  ...emptySpawnForm,
  name: 'workers',
  args: itemsOf([{ text: '' }]),
  dims: itemsOf([{ name: 'gpus', value: '-3' }]),
  env: itemsOf([
    { name: 'A', value: '1' },
    { name: 'TOKEN', value: null },
  ]),
  overrides: itemsOf([{ rank: '', program: 'x', args: `'`, env: 'A' }]),
};

describe('a draft', () => {
  test('comes back as it was typed, wrong or not, for its own mesh only', () => {
    const store = memoryStore();
    expect(keepDraft(store, 'mesh_1', { form, sentAs: null })).toBe(true);
    expect(readDraft(store, 'mesh_1')).toEqual({ form, sentAs: null });
    expect(readDraft(store, 'mesh_2')).toBeNull();
  });

  test.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['another shape', JSON.stringify({ form: { ...form, args: ['sleep'] }, sentAs: null })],
    ['a field too few', JSON.stringify({ form: { ...form, overrides: undefined }, sentAs: null })],
    ['a field too many', JSON.stringify({ form: { ...form, shell: 'sh' }, sentAs: null })],
    ['a choice that is none', JSON.stringify({ form: { ...form, restart: 'maybe' }, sentAs: null })],
  ])('that is %s is ignored', (_, text) => {
    expect(readDraft(memoryStore({ [KEY]: text }), 'mesh_1')).toBeNull();
  });

  test('is dropped with the spawn that was made of it, and not when it was changed since', () => {
    const store = memoryStore();
    keepDraft(store, 'mesh_1', { form, sentAs: 'pm_1' });
    dropSentDraft(store, 'mesh_1', 'pm_2');
    expect(readDraft(store, 'mesh_1')?.sentAs).toBe('pm_1');
    dropSentDraft(store, 'mesh_1', 'pm_1');
    expect(store.texts.size).toBe(0);
  });

  test('that cannot be kept or read breaks nothing', () => {
    const forbidden = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    const store = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
    expect(keepDraft(store, 'mesh_1', { form, sentAs: null })).toBe(false);
    expect(readDraft(store, 'mesh_1')).toBeNull();
    expect(() => dropSentDraft(store, 'mesh_1', 'pm_1')).not.toThrow();
  });
});
