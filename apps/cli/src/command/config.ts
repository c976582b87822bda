import {
  routes,
  type ConfigKeyInfo,
  type ConfigSnapshotReply,
  type HostConfigReply,
} from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import type { Command } from 'commander';
import { show, type RunCommand } from '../context.ts';
import { table } from '../output/table.ts';

/** `hostmesh config …` */
export function addConfig(program: Command, run: RunCommand): void {
  const config = program.command('config').description('config: snapshot, keys, host');

  config
    .command('snapshot', { isDefault: true })
    .description('what an attach would send now')
    .action(() =>
      run(async (context) =>
        show(context, await context.client.call(routes.configSnapshot, {}), snapshotText),
      ),
    );

  config
    .command('keys')
    .description('every declared key')
    .action(() =>
      run(async (context) =>
        show(context, await context.client.call(routes.configKeys, {}), ({ items }) => keysText(items)),
      ),
    );

  config
    .command('host <id>')
    .description('what is effective on a host, and which layer says so')
    .action((id: string) =>
      run(async (context) =>
        show(context, await context.client.call(routes.hostConfig, { params: { id } }), hostText),
      ),
    );
}

const snapshotText = ({ digest, sizeBytes, values }: ConfigSnapshotReply): string =>
  `${digest} (${countOf(sizeBytes, 'byte')})\n\n${table(values, [
    { title: 'key', of: ({ key }) => key },
    { title: 'value', of: ({ value }) => value },
    { title: 'from', of: ({ source }) => source },
  ])}`;

const keysText = (keys: readonly ConfigKeyInfo[]): string =>
  table(keys, [
    { title: 'key', of: ({ key }) => key },
    { title: 'type', of: ({ type }) => type },
    { title: 'default', of: ({ defaultValue }) => defaultValue ?? '' },
    { title: 'sent', of: ({ propagates }) => (propagates ? 'yes' : 'no') },
    { title: 'environment', of: ({ envVar }) => envVar ?? '' },
    { title: 'meaning', of: ({ description }) => description },
  ]);

const hostText = ({ digest, entries, hostId, owner }: HostConfigReply): string =>
  `${hostId}  ${digest ?? 'no client config'}${owner === null ? '' : ` from ${owner}`}\n\n${table(entries, [
    { title: 'name', of: ({ name }) => name },
    { title: 'value', of: ({ value }) => value },
    { title: 'from', of: ({ source }) => source },
    {
      title: 'shadowed',
      of: ({ layers }) =>
        layers
          .slice(1)
          .map(({ source, value }) => `${source}=${value}`)
          .join(', '),
    },
  ])}`;
