import type { SpawnRequest } from '@hostmesh/contract';
import { printCommand, quoteArgument } from './command-line.ts';

/** The same spawn by the command line tool; null when a flag cannot say it, as overrides of single ranks. */
export function runCommand(mesh: string, request: SpawnRequest): string | null {
  if (request.perRank !== undefined) return null;
  const { command, readiness, restart } = request;
  const flag = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`--${name}`, quoteArgument(value)];
  const parts = [
    'hostmesh run',
    quoteArgument(mesh),
    ...flag('name', request.name),
    ...Object.entries(request.perHost).flatMap(([label, size]) => flag('per-host', `${label}=${size}`)),
    ...Object.entries(command.env ?? {}).flatMap(([name, value]) => flag('env', `${name}=${value}`)),
    ...flag('cwd', command.cwd),
    ...flag('arg0', command.arg0),
    ...(readiness === undefined || readiness.kind === 'alive' ? [] : flag('ready', readyText(readiness))),
    ...flag('ready-timeout', readiness?.timeout),
    ...(restart === undefined || restart.policy === 'never' ? [] : flag('restart', restart.policy)),
    ...(request.keep === true ? ['--keep'] : []),
    ...flag('timeout', request.timeout),
    '--',
    printCommand(command.program, command.args ?? []),
  ];
  return parts.join(' ');
}

function readyText(readiness: NonNullable<SpawnRequest['readiness']>): string {
  if (readiness.kind === 'tcp') return `tcp:${readiness.port}`;
  if (readiness.kind === 'http') return `http:${readiness.port}${readiness.path}`;
  return readiness.kind === 'output' ? `output:${readiness.contains}` : readiness.kind;
}
