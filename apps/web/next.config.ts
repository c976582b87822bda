import { join } from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  // Sources of the workspace's packages lie outside this folder.
  turbopack: { root: join(import.meta.dirname, '../..') },
  transpilePackages: ['@hostmesh/client', '@hostmesh/contract', '@hostmesh/core'],
  poweredByHeader: false,
  // `pnpm types` checks them, with the same configuration.
  typescript: { ignoreBuildErrors: true },
  // Nothing of ours needs it, and it would fetch and work for whoever asks.
  images: { unoptimized: true },
  devIndicators: false,
};

export default config;
