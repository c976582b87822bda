import { links } from '../links.ts';
import type { IconName } from '../ui/icon.tsx';

/** A page of the rail. */
export interface ConsolePage {
  readonly label: string;
  readonly href: string;
  readonly icon: IconName;
  /** Other paths whose pages belong to it. */
  readonly also?: readonly string[];
}

/** The pages of the rail, in its order. */
export const pages: readonly ConsolePage[] = [
  { label: 'Overview', href: links.overview(), icon: 'overview' },
  { label: 'Attach', href: links.attach(), icon: 'attach' },
  { label: 'Meshes', href: links.meshes(), icon: 'meshes' },
  { label: 'Attempts', href: links.attempts(), icon: 'attempts' },
  { label: 'Procs', href: links.procMeshes(), icon: 'procs', also: [links.procMeshRoot(), links.orphans()] },
  { label: 'Config', href: links.config(), icon: 'config' },
  { label: 'Activity', href: links.activity(), icon: 'activity' },
];

/** The three ways to look at procs: mesh by mesh, all of them, and those that nobody accounts for. */
export const procTabs = [
  { label: 'Proc meshes', href: links.procMeshes() },
  { label: 'All procs', href: links.allProcs() },
  { label: 'Orphans', href: links.orphans() },
] as const;

/** What was asked for, and what became of everything. */
export const activityTabs = [
  { label: 'Requests', href: links.activity() },
  { label: 'Changes', href: links.changes() },
] as const;

/** Whether `pathname` is the page or lies below it. */
export const isWithin = (page: ConsolePage, pathname: string): boolean =>
  page.href === '/'
    ? pathname === '/'
    : [page.href, ...(page.also ?? [])].some((href) => pathname === href || pathname.startsWith(`${href}/`));
