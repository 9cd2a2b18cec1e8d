/**
 * The makers of the base set: mkbase itself, which unpacks all packages and configures them in one go, and
 * debootstrap. mkbase leaves a base set to debootstrap whose packages want more than that.
 */
export const makers = ['mkbase', 'debootstrap'] as const;
