import { extentOf, regionOfExtent, type ChannelAddress } from '@hostmesh/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, meshId } from '../testing/fixtures.ts';
import { HostMeshRef } from './host-mesh-ref.ts';
import { parseHostRef } from './host-ref.ts';

function parsed(text: string): HostMeshRef {
  const ref = HostMeshRef.parse(text);
  if (!ref.ok) throw new Error(ref.fault.message);
  return ref.value;
}
const fromAddresses = (id: string, addresses: string[], extent?: Record<string, number>) => {
  const ref = HostMeshRef.fromAddresses(meshId(id), addresses.map(addressOf), extent && extentOf(extent));
  if (!ref.ok) throw new Error(ref.fault.message);
  return ref.value;
};

describe('text form, by the vectors of reference section 4.2', () => {
  test('slicing keeps base ranks and the selected hosts', () => {
    const ref = parsed('test:local:1,local:2,local:3,local:4@replica=2/2,host=2/1').range('replica', 1);
    expect(ref.ok && ref.value.toString()).toBe('test:local:3,local:4@2+replica=1/2,host=2/1');
  });

  test('an @ in a quoted label of the region does not end the hosts', () => {
    const ref = fromAddresses('test', ['tcp:127.0.0.1:1', 'tcp:127.0.0.1:2'], { 'a@b;[': 2 });
    expect(parsed(ref.toString())).toEqual(ref);
  });

  test('four hosts at one address round-trip', () => {
    const address = 'tcp:127.0.0.1:123';
    const ref = fromAddresses('test', [address, address, address, address], { replica: 2, host: 2 });
    expect(parsed(ref.toString())).toEqual(ref);
  });

  test.each([
    'services:service<2>@tcp://127.0.0.1:26600,service<3>@tcp://127.0.0.1:26600@hosts=2/1',
    'unix-services:unix:@host-agent,service<2>@ipc://@host-agent@hosts=2/1',
    'empty:@hosts=0/1',
  ])('%s round-trips', (text) => {
    expect(parsed(text).toString()).toBe(text);
  });

  test('service procs behind one address keep their identities', () => {
    const { hosts } = parsed('s:service<2>@tcp://127.0.0.1:26600,service<3>@tcp://127.0.0.1:26600@hosts=2/1');
    expect(hosts.map(({ serviceProc: { uid } }) => uid)).toMatchObject([{ number: 1n }, { number: 2n }]);
    expect(hosts[0]?.address).toEqual(hosts[1]?.address);
  });

  test('of an alias only the dial half is kept', () => {
    expect(fromAddresses('a', ['tcp://127.0.0.1:26600@tcp://0.0.0.0:26600']).toString()).toBe(
      'a:tcp:127.0.0.1:26600@hosts=1/1',
    );
  });

  test.each([
    ['test', 'missing_id', 'invalid host mesh ref: missing id'],
    ['test:local:1', 'missing_region', 'invalid host mesh ref: missing region'],
    [
      'test:local:1@hosts=2/1',
      'invalid_host_mesh_ref',
      'invalid mesh ref: expected 2 ranks, but contains 1 ranks',
    ],
    [':local:1@hosts=1/1', 'invalid_id', 'invalid label: label must not be empty'],
    ['test:local:1@hosts=x/1', 'region_parse_error', "parse error: token 'x' is not a 'usize'"],
    ['test:xxx:1@hosts=1/1', 'other', expect.stringContaining('no such channel type: xxx')],
  ])('%s is refused as %s', (text, code, message) => {
    expect(HostMeshRef.parse(text)).toMatchObject({ ok: false, fault: { code, message } });
  });

  test('via hops do not become part of a host', () => {
    const host = parseHostRef('service<2>@<3>.tcp://[::1]:9000');
    expect(host).toMatchObject({ ok: true, value: { address: { host: '::1', port: 9000 } } });
  });
});

const anyAddress: fc.Arbitrary<ChannelAddress> = fc.oneof(
  fc.record({
    kind: fc.constant('tcp' as const),
    host: fc.constantFrom('10.0.0.1', 'gpu-7', '::1'),
    port: fc.nat(65_535),
  }),
  fc.record({ kind: fc.constant('local' as const), id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
  fc.record({
    kind: fc.constant('unix' as const),
    path: fc.stringMatching(/^\/[a-z@%:]{1,12}$/),
  }),
);

describe('any ref', () => {
  const anyRef = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([a, b]) =>
    fc.array(anyAddress, { minLength: a * b, maxLength: a * b }).map((addresses) => {
      const ref = HostMeshRef.fromAddresses(meshId('any'), addresses, extentOf({ racks: a, hosts: b }));
      if (!ref.ok) throw new Error(ref.fault.message);
      return ref.value;
    }),
  );

  test('survives its text form and its JSON form', () => {
    fc.assert(
      fc.property(anyRef, (ref) => {
        expect(parsed(ref.toString())).toEqual(ref);
        expect(HostMeshRef.fromJson(ref.toJSON())).toEqual({ ok: true, value: ref });
      }),
    );
  });

  test('has the same JSON bytes as one that is equal to it', () => {
    fc.assert(
      fc.property(anyRef, (ref) => {
        expect(JSON.stringify(parsed(ref.toString()))).toBe(JSON.stringify(ref));
      }),
    );
  });

  test('sliced at an index has the hosts of that index', () => {
    fc.assert(
      fc.property(anyRef, (ref) => {
        const [racks = 0, hosts = 0] = ref.region.slice.sizes;
        for (let host = 0; host < hosts; host += 1) {
          const column = ref.range('hosts', host);
          const expected = Array.from({ length: racks }, (_, rack) => ref.hosts[rack * hosts + host]);
          expect(column.ok && column.value.hosts).toEqual(expected);
        }
      }),
    );
  });
});

test('a region of another size is refused', () => {
  const region = regionOfExtent(extentOf({ hosts: 3 }));
  expect(HostMeshRef.of(meshId('m'), region, [])).toMatchObject({
    ok: false,
    fault: { code: 'invalid_host_mesh_ref' },
  });
});
