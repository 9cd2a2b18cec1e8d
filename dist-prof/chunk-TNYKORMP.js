import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/engines/step.ts
var writableFolders = ["/build", "/run", "/tmp", "/var/tmp"];
var baseEnvironment = {
  HOME: "/build",
  HOSTNAME: "mkbase",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
};
var rootfsCapabilities = [
  "CAP_AUDIT_WRITE",
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_MKNOD",
  "CAP_SETFCAP",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SYS_CHROOT"
];
var idCount = 65535;

export {
  writableFolders,
  baseEnvironment,
  rootfsCapabilities,
  idCount
};
//# sourceMappingURL=chunk-TNYKORMP.js.map
