/** Keeps the event loop of this process from doing anything for so long. */
export function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
