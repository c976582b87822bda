/**
 * The map of the workspace: the folders (and single files) of each package, from the ground up. What stands in a line imports
 * only from the lines above it. A folder `testing` stands above all others of its package and is not listed.
 */
export const ladders: Readonly<Record<string, readonly string[]>> = {
  'packages/core/src': [],

  'packages/protocol/src': [],

  'packages/contract/src': [
    'fields',
    'config',
    'attempt',
    'mesh',
    'proc',
    'preflight',
    'event',
    'session',
    'problem',
    'route',
    'routes',
    'schemas',
    'index',
  ],

  'packages/client/src': [],

  'packages/host-mesh/src': [
    'clock',
    'links',
    'ref',
    'ask',
    'restore',
    'push',
    'proc',
    'monitor',
    'preflight',
    'supervise',
    'stop',
    'proc-mesh',
    'spawn',
    'mesh',
    'index',
  ],

  'packages/testkit/src': [],

  'prisma/src': [],

  'apps/agent/src': [],

  'apps/api/src': [],

  'apps/cli/src': [],

  'apps/web/src': [
    'links',
    'guard',
    'proxy',
    'api',
    'ui',
    'live',
    'queries',
    'standing',
    'log',
    'spawn',
    'stop',
    'proc',
    'proc-mesh',
    'host',
    'mesh',
    'orphan',
    'attempt',
    'attach',
    'config',
    'session',
    'overview',
    'activity',
    'shell',
    'app',
  ],
};
