/** Every kind of recipe, in the order in which people are shown them: a folder each, and one line here. */
export const kindModules = {
  debs: () => import('./debs/debs.ts').then(({ debs }) => debs),
  static: () => import('./static/static.ts').then(({ staticProgram }) => staticProgram),
  minirootfs: () => import('./minirootfs/minirootfs.ts').then(({ minirootfs }) => minirootfs),
  debootstrap: () => import('./debootstrap/debootstrap.ts').then(({ debootstrap }) => debootstrap),
  apk: () => import('./apk/apk.ts').then(({ apk }) => apk),
  rpm: () => import('./rpm/rpm.ts').then(({ rpm }) => rpm),
  pacman: () => import('./pacman/pacman.ts').then(({ pacman }) => pacman),
};

/** The kind that `mkbase init` starts with when none is named. */
export const starterKind = 'static';
