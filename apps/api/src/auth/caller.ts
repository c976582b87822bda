/** Who sent a request: the name that audit entries and attempts carry. */
export interface Caller {
  readonly name: string;
  /** What keeps one caller's idempotency keys apart from another's. */
  readonly tokenId: string;
}

/** The token in an `Authorization` header. */
export const readBearer = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
