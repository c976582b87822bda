import { encodeRequest, type EncodedRequest } from '@hostmesh/protocol';
import type { PushOptions } from './push-options.ts';

/** The push as one request, encoded once: the same bytes, and the same id made from the epoch, go to every host. */
export const setClientConfig = ({
  epoch,
  owner,
  snapshot,
}: PushOptions): EncodedRequest<'set_client_config'> =>
  encodeRequest({
    type: 'set_client_config',
    id: `push-${epoch}`,
    epoch,
    owner,
    digest: snapshot.digest,
    attrs: { ...snapshot.attrs },
  });
