'use client';

import { PageHeader } from '../ui/page/page-header.tsx';

export function Overview() {
  return <PageHeader noun="Overview" />;
}
