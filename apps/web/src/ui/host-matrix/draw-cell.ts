import { assertNever } from '@hostmesh/core';
import type { Tone } from '../state/mark.ts';

/** Below this a dash or a cross is a blur; the mark is then drawn full and plain. */
const SMALL_PX = 9;

/**
 * Draws one mark in a square of `size` at `x`, `y`: the shapes of `StateMark`, on a canvas. What is well recedes, so
 * that among thousands the few that are not stand out.
 */
export function drawCell(
  context: CanvasRenderingContext2D,
  tone: Tone,
  colour: string,
  ground: string,
  x: number,
  y: number,
  size: number,
): void {
  const centreX = x + size / 2;
  const centreY = y + size / 2;
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
      context.arc(centreX, centreY, size * 0.27, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 1;
      return;
    case 'moving':
      context.arc(centreX, centreY, radius - context.lineWidth / 2, 0, 2 * Math.PI);
      context.stroke();
      return;
    case 'ending':
      context.arc(centreX, centreY, radius, -Math.PI / 2, Math.PI / 2);
      context.fill();
      context.beginPath();
      context.lineWidth = 1;
      context.arc(centreX, centreY, radius, 0, 2 * Math.PI);
      context.stroke();
      return;
    case 'ended':
      context.strokeRect(centreX - radius, centreY - radius, 2 * radius, 2 * radius);
      return;
    case 'failed':
      if (isSmall) {
        context.fillRect(x, y, size, size);
        return;
      }
      context.fillRect(x + size * 0.08, y + size * 0.08, size * 0.84, size * 0.84);
      context.strokeStyle = ground;
      context.moveTo(centreX - radius * 0.6, centreY - radius * 0.6);
      context.lineTo(centreX + radius * 0.6, centreY + radius * 0.6);
      context.moveTo(centreX + radius * 0.6, centreY - radius * 0.6);
      context.lineTo(centreX - radius * 0.6, centreY + radius * 0.6);
      context.stroke();
      return;
    case 'timeout':
      context.moveTo(centreX, y + size * 0.08);
      context.lineTo(x + size * 0.94, y + size * 0.88);
      context.lineTo(x + size * 0.06, y + size * 0.88);
      context.fill();
      return;
    case 'unknown':
      if (isSmall) context.lineWidth = 1.5;
      else context.setLineDash([size * 0.2, size * 0.14]);
      context.arc(centreX, centreY, radius, 0, 2 * Math.PI);
      context.stroke();
      return;
    case 'absent':
      context.arc(centreX, centreY, Math.max(1, size * 0.13), 0, 2 * Math.PI);
      context.fill();
      return;
    default:
      assertNever(tone);
  }
}
