import { emptyLayers, type ChannelAddress } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { createTransport, encodeAnswer, encodeRequest } from '@hostmesh/protocol';
import type { ExchangeSizes } from './exchange.ts';

/** How many bytes an attach really exchanges with this host. */
export async function measureSizes(address: ChannelAddress): Promise<ExchangeSizes> {
  const { digest, attrs } = makeSnapshot(emptyLayers);
  const epoch = Date.now() * 1000;
  const id = `push-${epoch}`;
  const owner = { clientId: 'bench', label: 'bench' };
  const push = encodeRequest({ type: 'set_client_config', id, epoch, owner, digest, attrs: { ...attrs } });
  const transport = createTransport({});
  try {
    const connected = await transport.connect(address);
    if (!connected.ok) throw new Error(connected.fault.message);
    const answer = await connected.value.request(push);
    if (!answer.ok) throw new Error(answer.fault.message);
    return {
      helloBytes: Buffer.byteLength(JSON.stringify(connected.value.hello)),
      pushBytes: push.bytes.length,
      ackBytes: Buffer.byteLength(encodeAnswer(id, { ok: true, result: answer.value })),
    };
  } finally {
    await transport.close();
  }
}
