import type { GeneratedRule } from '../contract.ts';

/** The paths that installing packages of rpm makes (rpm itself, scriptlets and triggers). */
export const rpmRules: readonly GeneratedRule[] = [
  { paths: '/usr/lib/sysimage/rpm/**', by: 'build', reason: "rpm's own records" },
  { paths: '/var/lib/rpm/**', by: 'build', reason: "rpm's own records" },
  { paths: '/etc/ld.so.cache', by: ['glibc'], reason: 'ldconfig' },
  { paths: '/etc/shells', by: ['setup', 'bash'], reason: 'shells that their packages add' },
  ...['passwd', 'group', 'shadow', 'gshadow'].flatMap((name) =>
    ['', '-'].map((ending) => ({
      paths: `/etc/${name}${ending}`,
      by: ['setup'],
      reason: 'accounts that packages add (systemd-sysusers, useradd)',
    })),
  ),
];
