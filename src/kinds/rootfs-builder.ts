/** The toolchain for work on whole root filesystems: it has a shell, tar and chroot. */
export const rootfsBuilder = 'rootfs';
