import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

/** Node has it; TypeScript declares it only along with the whole of the browser. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: object } }>;
};

/** What the database is to look like. */
export const schemaFile = new URL('../../schema.prisma', import.meta.url);

/** What migrations should leave alone: nothing. */
export const noFilter = { externalTables: [], externalEnums: [] };

/**
 * Starts Prisma's schema engine as WebAssembly on one database: the CLI would download a native one. Only those use
 * it who write migrations or test them; `free` it at the end.
 */
export async function startSchemaEngine(databaseUrl: string): Promise<bindings.SchemaEngine> {
  await (instantiated ??= instantiate());
  return bindings.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl })),
  );
}

/** The SQL that leads from one text of schema.prisma to another, or from nothing; undefined when there is no difference. */
export async function diffSchemas(
  databaseUrl: string,
  from: string | undefined,
  to: string,
): Promise<string | undefined> {
  const engine = await startSchemaEngine(databaseUrl);
  const model = (content: string) => ({
    tag: 'schemaDatamodel' as const,
    files: [{ path: 'schema.prisma', content }],
  });
  try {
    const { stdout, exitCode } = await engine.diff({
      from: from === undefined ? { tag: 'empty' } : model(from),
      to: model(to),
      script: true,
      exitCode: true,
      filters: noFilter,
    });
    return exitCode === 0 || stdout === null ? undefined : stdout;
  } finally {
    engine.free();
  }
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
