const paths = {
  overview: 'M2.5 13.5v-5h3v5zm4-11h3v11h-3zm4 4h3v7h-3z',
  attach: 'M6.5 9.5l3-3M7 4.5l1.2-1.2a3 3 0 0 1 4.5 4.4L11.5 9M9 11.5l-1.2 1.2a3 3 0 0 1-4.5-4.4L4.5 7',
  meshes: 'M2.5 2.5h4v4h-4zm7 0h4v4h-4zm-7 7h4v4h-4zm7 0h4v4h-4z',
  procs: 'M3 3.5l3.5 3-3.5 3M8 10.5h5M1.5 1.5h13v13h-13z',
  orphans: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 5.5v3M8 10.8v.2',
  attempts: 'M2.5 4h11M2.5 8h11M2.5 12h6',
  config: 'M2.5 5h6m3 0h2M2.5 11h2m3 0h6M10 3.2v3.6M6 9.2v3.6',
  activity: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.5 10.5l3.5 3.5',
  theme: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  account: 'M8 2.5a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM2.8 13.8a5.2 5.2 0 0 1 10.4 0',
  close: 'M3.5 3.5l9 9m0-9l-9 9',
} as const;
export type IconName = keyof typeof paths;

/** A small line drawing for places where a word does not fit; what it stands for is said beside it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinejoin="round"
      strokeLinecap="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
