import { createClient, type ApiFault } from '@hostmesh/client';
import { shownText, type Result } from '@hostmesh/core';
import { ApiError } from './api-error.ts';
import { fetchInTime } from './read-deadline.ts';

/** The API, on our own origin and with the session's cookie. All that pages get of it shows what is in it, and is obeyed by nothing. */
export const client = createClient({
  baseUrl: '',
  fetch: fetchInTime((input, init) => fetch(input, init)),
  shown: shownText,
});

/** The same without a deadline, for reads that make the API ask hosts, each of which may take its time. */
export const patientClient = createClient({ baseUrl: '', shown: shownText });

/** The value of a call, or its fault thrown for TanStack Query to keep. */
export async function valueOf<T>(reply: Promise<Result<T, ApiFault>>): Promise<T> {
  const result = await reply;
  if (result.ok) return result.value;
  throw new ApiError(result.fault);
}

declare module '@tanstack/react-query' {
  // Tells TanStack Query what its queries throw.
  interface Register {
    defaultError: ApiError;
  }
}
