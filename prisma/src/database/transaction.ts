import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { Prisma, PrismaClient } from '../generated/client.ts';

/** The typed client inside a transaction. */
export type Transaction = Prisma.TransactionClient;

/** Carries a fault out of a transaction that it undoes. */
class Undone extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/**
 * Runs `work` in one transaction. `undo(fault)` inside rolls everything back and makes the fault the result;
 * anything else thrown rolls back too, and goes on as it is.
 */
export async function transact<T, F extends Fault>(
  client: PrismaClient,
  work: (tx: Transaction, undo: (fault: F) => never) => Promise<T>,
): Promise<Result<T, F>> {
  let undone: { fault: F } | undefined;
  try {
    return ok(
      await client.$transaction((tx) =>
        work(tx, (fault) => {
          undone = { fault };
          throw new Undone(fault);
        }),
      ),
    );
  } catch (error) {
    if (error instanceof Undone && undone !== undefined) return fail(undone.fault);
    throw error;
  }
}
