const POLL_MS = 100;

/** Asks until the URL answers 2xx or the signal fires; true when it answered. */
export async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await asked(url, signal)) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

async function asked(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
