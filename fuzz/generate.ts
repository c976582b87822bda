import type { Random } from '@hostmesh/soak/random';
import { generateSync, type JsonSchema } from 'json-schema-faker';

const MAX_SEED = 2 ** 31;

/** A value that a schema allows, as small as people send them; `defs` has what its references point to. */
export function valueOf(
  schema: JsonSchema,
  defs: Readonly<Record<string, JsonSchema>>,
  random: Random,
): unknown {
  if (typeof schema === 'boolean') return random.below(10);
  return generateSync(
    { ...schema, $defs: defs },
    {
      seed: random.below(MAX_SEED),
      optionalsProbability: 0.4,
      maxItems: 3,
      maxLength: 60,
      // Of text that has to begin with something, the pattern beside it says with what.
      formats: { starts_with: () => '/tmp' },
    },
  );
}
