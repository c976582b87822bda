import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, DriverAdapterError } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

/** Node has it; TypeScript declares it only along with the whole of the browser. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: object } }>;
};

/** Prisma's schema engine, on one database. */
export interface Engine extends AsyncDisposable {
  readonly run: bindings.SchemaEngine;
}

/** What migrations should leave alone: nothing. */
export const noFilter = { externalTables: [], externalEnums: [] };

/**
 * Starts Prisma's schema engine as WebAssembly: the CLI would download a native one. Migrations stay in Prisma's
 * own format, so that the CLI works on them too. Takes a while to load: only for work that needs it.
 */
export async function startEngine(databaseUrl: string): Promise<Engine> {
  await (instantiated ??= instantiate());
  // One connection: the engine takes session locks, and has to meet them again in its next query.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on('error', () => undefined);
  const run = await bindings.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(createAdapterFactory(pool)),
  );
  return {
    run,
    [Symbol.asyncDispose]: async () => {
      run.free();
      await pool.end();
    },
  };
}

/** Once per process: the bindings hold one instance, and a second would pull it from under the first. */
let instantiated: Promise<void> | undefined;

/** What the package's entry point does, without Node's warning about importing WebAssembly as a module. */
async function instantiate(): Promise<void> {
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/js$/, 'wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(file), {
    './schema_engine_bg.js': bindings,
  });
  // The two hooks that wasm-bindgen makes and its types leave out.
  (bindings as unknown as { __wbg_set_wasm(wasm: object): void }).__wbg_set_wasm(instance.exports);
  // As above.
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
}

function createAdapterFactory(pool: pg.Pool) {
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, {
    connect: async () =>
      Object.assign(await connect(), { executeScript: (script: string) => runScript(pool, script) }),
  });
}

/**
 * The adapter cuts a script at every semicolon and runs the pieces one by one. Postgres takes it whole, as one
 * transaction: a migration that fails leaves nothing behind.
 */
async function runScript(pool: pg.Pool, script: string): Promise<void> {
  try {
    await pool.query(script);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { code = '', severity = '', message, detail, column, hint } = error;
    throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
  }
}
