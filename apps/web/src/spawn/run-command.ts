import { printBind, type ReadinessRequest, type RestartRequest, type SpawnRequest } from '@hostmesh/contract';
import { assertNever } from '@hostmesh/core';
import { printCommand, quoteArgument } from './command-line.ts';

/**
 * The same spawn by the command line tool; null when its options cannot say it: what differs at single ranks, another
 * name for the program, a pause before restarts.
 */
export function runCommand(mesh: string, request: SpawnRequest): string | null {
  const { command, readiness, restart } = request;
  if (request.perRank !== undefined || command.arg0 !== undefined || restart?.backoff !== undefined)
    return null;
  const option = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`--${name}`, quoteArgument(value)];
  return [
    'hostmesh run',
    ...option('name', request.name),
    ...Object.entries(request.perHost).flatMap(([label, size]) => option('per-host', `${label}=${size}`)),
    ...Object.entries(command.env ?? {}).flatMap(([name, value]) => option('env', `${name}=${value}`)),
    ...(request.procBind ?? []).flatMap((bind) => option('bind', printBind(bind))),
    ...option('cwd', command.cwd),
    ...option('run-as', command.runAs),
    ...option('ready', readiness && readyText(readiness)),
    ...option('ready-timeout', readiness?.timeout),
    ...option('restart', restart && restartText(restart)),
    ...(request.keep === true ? ['--keep'] : []),
    ...option('timeout', request.timeout),
    quoteArgument(mesh),
    '--',
    printCommand(command.program, command.args ?? []),
  ].join(' ');
}

/** As `--ready` takes it; undefined for what it does by itself. */
function readyText(readiness: ReadinessRequest): string | undefined {
  switch (readiness.kind) {
    case 'alive':
      return readiness.for === undefined ? undefined : `alive:${readiness.for}`;
    case 'descriptor':
      return 'fd';
    case 'tcp':
      return `tcp:${portText(readiness)}`;
    case 'http':
      return `http:${portText(readiness)}${readiness.path}`;
    case 'output':
      return `output:${readiness.contains}`;
    default:
      return assertNever(readiness);
  }
}

const portText = ({ port, perSlot }: { port: number; perSlot?: boolean | undefined }): string =>
  `${port}${perSlot === true ? '+slot' : ''}`;

function restartText({ policy, limit }: RestartRequest): string | undefined {
  if (policy === 'never') return undefined;
  return `${policy === 'always' ? policy : 'on-failure'}${limit === undefined ? '' : `:${limit}`}`;
}
