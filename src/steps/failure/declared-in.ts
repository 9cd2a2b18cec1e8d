/**
 * The headers of functions that older sources call without any, as POSIX.1-2017 and musl have them: a header
 * and what it declares on each line.
 */
const headers = `
arpa/inet.h: htonl htons inet_addr inet_aton inet_ntoa inet_ntop inet_pton ntohl ntohs
ctype.h: isalnum isalpha isdigit isprint isspace isupper isxdigit tolower toupper
fcntl.h: creat fcntl open openat
grp.h: endgrent getgrent getgrgid getgrnam initgroups setgroups
libgen.h: basename dirname
netdb.h: getaddrinfo gethostbyname getservbyname
pwd.h: endpwent getpwent getpwnam getpwuid
signal.h: kill raise sigaction sigemptyset signal
stdio.h: fclose fdopen fgets fileno fopen fprintf fputs getchar perror popen printf putchar puts rename snprintf sprintf sscanf
stdlib.h: abort abs atof atoi atol calloc exit free getenv malloc mkdtemp mkstemp putenv qsort rand realloc realpath setenv strtol strtoul system unsetenv
string.h: memcmp memcpy memmove memset strcat strchr strcmp strcpy strerror strlen strncmp strncpy strrchr strstr strtok
strings.h: bcmp bcopy bzero ffs index rindex strcasecmp strncasecmp
sys/ioctl.h: ioctl
sys/mman.h: mmap mprotect munmap
sys/resource.h: getrlimit getrusage setrlimit
sys/select.h: select
sys/socket.h: accept bind connect listen recv send setsockopt socket
sys/stat.h: chmod fstat lstat mkdir mkfifo mknod stat umask
sys/sysmacros.h: major makedev minor
sys/time.h: gettimeofday settimeofday utimes
sys/utsname.h: uname
sys/wait.h: wait wait3 wait4 waitpid
termios.h: cfsetspeed tcgetattr tcsetattr
time.h: clock_gettime ctime gmtime localtime mktime nanosleep strftime time
unistd.h: access alarm chdir chown close crypt dup dup2 execl execlp execv execve execvp fork fsync ftruncate getcwd getegid geteuid getgid gethostname getopt getpid getppid getuid isatty link lseek pause pipe read readlink rmdir setgid setsid setuid sleep symlink sysconf ttyname unlink usleep write
`;

/** Finds the header that declares a function of the C library. */
export function headerOf(name: string): string | undefined {
  const line = headers.split('\n').find((each) => each.split(/:? /).slice(1).includes(name));
  return line?.split(':')[0];
}
