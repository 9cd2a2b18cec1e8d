import type { GeneratedRule } from '../contract.ts';

/** The paths that installing packages of Arch makes (pacman itself, install scripts and hooks). */
export const alpmRules: readonly GeneratedRule[] = [
  { paths: '/var/lib/pacman/**', by: 'build', reason: "pacman's own records" },
  { paths: '/etc/pacman.d/gnupg/**', by: ['archlinux-keyring'], reason: 'pacman-key' },
  { paths: '/etc/ld.so.cache', by: ['glibc'], reason: 'ldconfig' },
  { paths: '/etc/shells', by: ['filesystem'], reason: 'shells that their packages add' },
  ...['passwd', 'group', 'shadow', 'gshadow'].flatMap((name) =>
    ['', '-'].map((ending) => ({
      paths: `/etc/${name}${ending}`,
      by: ['filesystem'],
      reason: 'accounts that packages add (systemd-sysusers)',
    })),
  ),
  { paths: '/etc/ssl/certs/**', by: ['ca-certificates-utils'], reason: 'update-ca-trust' },
  { paths: '/etc/ca-certificates/**', by: ['ca-certificates-utils'], reason: 'update-ca-trust' },
  { paths: '/usr/lib/locale/**', by: ['glibc'], reason: 'locale-gen' },
  { paths: '/usr/lib/udev/hwdb.bin', by: ['systemd'], reason: 'systemd-hwdb' },
  { paths: '/var/lib/systemd/catalog/database', by: ['systemd'], reason: 'journalctl' },
  { paths: '/usr/share/info/dir', by: ['texinfo'], reason: 'install-info' },
];
