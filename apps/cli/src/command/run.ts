import type { Context, ExitCode } from '../context.ts';

/** Runs a command's body with the context that its options call for, and keeps its exit code. */
export type Run = (body: (context: Context) => Promise<ExitCode>) => Promise<void>;
