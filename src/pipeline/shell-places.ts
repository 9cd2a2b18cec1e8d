/** The places that a shell can be opened in. */
export const shellPlaces = ['builder', 'tree'] as const;
export type ShellPlaceName = (typeof shellPlaces)[number];
