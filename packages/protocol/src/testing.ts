export { clientSide, newNonce, PROOF_HEADER, type ClientSide } from './proof/proof.ts';
export { aHello, aKeepalive, alive, anEvent, streamingFrom } from './testing/builders.ts';
export { createTestCertificates, type TestCertificates } from './testing/certificates.ts';
export { Wire, wireKinds, type WireKind } from './testing/wire.ts';
