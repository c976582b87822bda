import { assertNever } from '@hostmesh/core';
import type { Tone } from '../state/mark.ts';

/** Below this a dash or a cross is a blur; the mark is then drawn full and plain. */
const SMALL_PX = 9;

/**
 * Draws one mark in a square of `size`: the shapes of `StateMark`, on a canvas. What is well recedes, so
 * that among thousands the few that are not stand out.
 */
export function drawCell(
  context: CanvasRenderingContext2D,
  tone: Tone,
  colour: string,
  ground: string,
  size: number,
): void {
  const centre = size / 2;
  const isSmall = size < SMALL_PX;
  const radius = size * (isSmall ? 0.42 : 0.36);
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, size * 0.12);
  context.setLineDash([]);
  context.beginPath();
  switch (tone) {
    case 'good':
      context.globalAlpha = 0.75;
      context.arc(centre, centre, size * 0.27, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 1;
      return;
    case 'moving':
      context.arc(centre, centre, radius - context.lineWidth / 2, 0, 2 * Math.PI);
      context.stroke();
      return;
    case 'ending':
      context.arc(centre, centre, radius, -Math.PI / 2, Math.PI / 2);
      context.fill();
      context.beginPath();
      context.lineWidth = 1;
      context.arc(centre, centre, radius, 0, 2 * Math.PI);
      context.stroke();
      return;
    case 'ended':
      context.strokeRect(centre - radius, centre - radius, 2 * radius, 2 * radius);
      return;
    case 'failed':
      if (isSmall) {
        context.fillRect(0, 0, size, size);
        return;
      }
      context.fillRect(size * 0.08, size * 0.08, size * 0.84, size * 0.84);
      context.strokeStyle = ground;
      context.moveTo(centre - radius * 0.6, centre - radius * 0.6);
      context.lineTo(centre + radius * 0.6, centre + radius * 0.6);
      context.moveTo(centre + radius * 0.6, centre - radius * 0.6);
      context.lineTo(centre - radius * 0.6, centre + radius * 0.6);
      context.stroke();
      return;
    case 'timeout':
      context.moveTo(centre, size * 0.08);
      context.lineTo(size * 0.94, size * 0.88);
      context.lineTo(size * 0.06, size * 0.88);
      context.fill();
      return;
    case 'unknown':
      if (isSmall) context.lineWidth = 1.5;
      else context.setLineDash([size * 0.2, size * 0.14]);
      context.arc(centre, centre, radius, 0, 2 * Math.PI);
      context.stroke();
      return;
    case 'absent':
      context.arc(centre, centre, Math.max(1, size * 0.13), 0, 2 * Math.PI);
      context.fill();
      return;
    default:
      assertNever(tone);
  }
}
