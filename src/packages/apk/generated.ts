import type { GeneratedRule } from '../contract.ts';

/** The paths that installing Alpine's packages makes (their install scripts and triggers). */
export const alpineRules: readonly GeneratedRule[] = [
  { paths: '/lib/apk/**', by: ['apk-tools'], reason: "apk's own records" },
  { paths: '/usr/lib/apk/**', by: ['apk-tools'], reason: "apk's own records" },
  {
    paths: '/etc/apk/**',
    by: ['apk-tools'],
    reason: "apk's settings: what is wanted, and from where",
  },
  { paths: '/var/cache/apk/**', by: ['apk-tools'], reason: "apk's cache" },
  { paths: '/var/log/apk.log', by: ['apk-tools'], reason: "apk's log" },
  { paths: '/etc/ssl/certs/*', by: ['ca-certificates'], reason: 'update-ca-certificates' },
  { paths: '/etc/shells', by: ['busybox', 'alpine-baselayout'], reason: 'add-shell' },
  {
    paths: '/etc/passwd-',
    by: ['alpine-baselayout'],
    reason: 'what it was before an account was added',
  },
  {
    paths: '/etc/group-',
    by: ['alpine-baselayout'],
    reason: 'what it was before an account was added',
  },
  {
    paths: '/etc/shadow-',
    by: ['alpine-baselayout'],
    reason: 'what it was before an account was added',
  },
  ...['/bin/busybox', '/usr/bin/busybox', '/bin/bbsuid', '/usr/bin/bbsuid'].map((leadsTo) => ({
    paths: '/**',
    leadsTo,
    by: 'target' as const,
    reason: "busybox's trigger: busybox --install -s",
  })),
];
