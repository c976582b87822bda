import { readFile } from 'node:fs/promises';
import {
  emptyLayers,
  fail,
  ok,
  readEnvLayer,
  readFileLayer,
  withLayer,
  type ConfigLayers,
  type ConfigProblem,
  type Fault,
  type Result,
} from '@hostmesh/core';

/** The layers of the host's operator, and what in them could not be used. */
export interface OwnLayers {
  readonly layers: ConfigLayers;
  readonly problems: readonly (ConfigProblem & { readonly layer: 'Env' | 'File' })[];
}

/**
 * Reads the Env and File layers (Reference 7.1). Single values that cannot be used are reported and fall through, as
 * they do in the reference; a file that cannot be read at all is a fault.
 */
export async function readOwnLayers(
  env: Readonly<Record<string, string | undefined>>,
  configFile: string | undefined,
): Promise<Result<OwnLayers, Fault<'config_file'>>> {
  const document = configFile === undefined ? ok(null) : await readYaml(configFile);
  if (!document.ok) return document;
  const fromEnv = readEnvLayer(env);
  const fromFile = readFileLayer(document.value);
  return ok({
    layers: withLayer(withLayer(emptyLayers, 'Env', fromEnv.values), 'File', fromFile.values),
    problems: [
      ...fromEnv.problems.map((problem) => ({ ...problem, layer: 'Env' as const })),
      ...fromFile.problems.map((problem) => ({ ...problem, layer: 'File' as const })),
    ],
  });
}

async function readYaml(file: string): Promise<Result<unknown, Fault<'config_file'>>> {
  try {
    const text = await readFile(file, 'utf8');
    // Loaded here, because most agents run without a file.
    const { parse } = await import('yaml');
    return ok(parse(text));
  } catch (cause) {
    // Of a syntax error only the first line: the others quote the file, which may hold a key.
    const [why = ''] = String(cause instanceof Error ? cause.message : cause).split('\n');
    return fail({ code: 'config_file', message: `--config ${file} cannot be used: ${why}`, cause });
  }
}
