/** The kinds that `mkbase init` has something to start with for. */
export const starterKinds = ['static', 'debs', 'minirootfs', 'debootstrap'] as const;

export type StarterKind = (typeof starterKinds)[number];
