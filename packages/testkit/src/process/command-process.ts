import { fork } from 'node:child_process';
import { once } from 'node:events';

/** What a child process does on request; arguments and results cross the process boundary as JSON. */
export type Commands = Record<string, (...args: never[]) => unknown>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: never[];
}
type Reply = { readonly id: number } & (
  | { readonly ok: true; readonly value?: unknown }
  | { readonly ok: false; readonly message: string; readonly code?: string }
);

/** Serves commands in a process that `forkCommands` started, and ends the process when its parent is gone. */
export function serveCommands(commands: Commands): void {
  process.on('disconnect', () => process.exit());
  // Ctrl-C reaches the whole process group, but it is the parent who ends us.
  process.on('SIGINT', () => undefined);
  process.on('message', (call: Call) => {
    void answer(commands, call).then((reply) => process.send?.(reply));
  });
}

async function answer(commands: Commands, { id, name, args }: Call): Promise<Reply> {
  try {
    return { id, ok: true, value: await commands[name]?.(...args) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { id, ok: false, message: error.message, ...('code' in error && { code: String(error.code) }) };
  }
}

/** A child process that serves commands. It never outlives this process, however that one ends. */
export interface CommandProcess<C extends Commands> extends AsyncDisposable {
  readonly pid: number;
  /** Rejects when the command fails, with its message and `code`, or when the child ends first. */
  call<Name extends keyof C & string>(
    name: Name,
    ...args: Parameters<C[Name]>
  ): Promise<Awaited<ReturnType<C[Name]>>>;
  /** Ends the child and waits until it is gone. */
  close(): Promise<void>;
}

/** Starts `file`, which must call `serveCommands` with commands of type `C`. */
export function forkCommands<C extends Commands>(file: URL): CommandProcess<C> {
  const child = fork(file, { execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] });
  const exited = once(child, 'exit');
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let calls = 0;
  child.on('message', (reply: Reply) => {
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.ok) call?.resolve(reply.value);
    else call?.reject(Object.assign(new Error(reply.message), { code: reply.code }));
  });
  child.on('exit', (code, signal) => {
    for (const call of waiting.values())
      call.reject(new Error(`the child process ended (${signal ?? code})`));
    waiting.clear();
  });
  const close = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await exited;
  };
  return {
    pid: child.pid ?? -1,
    call: async (name, ...args) => {
      const call = Promise.withResolvers<unknown>();
      const id = ++calls;
      waiting.set(id, call);
      child.send({ id, name, args } satisfies Call);
      // The child runs the command of this name from the same table of types.
      return (await call.promise) as never;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
