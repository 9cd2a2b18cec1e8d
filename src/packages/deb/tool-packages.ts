/**
 * Debian's packages of the programs that builds and commands of `run` call, with their names in Debian 12: a package
 * and its programs on each line. What is an alternative (yacc, awk) stands at the package that Debian prefers.
 */
export const toolPackages = `
acl: setfacl getfacl
adduser: adduser addgroup deluser delgroup
apache2: apache2 a2enmod a2ensite a2dissite
asciidoc: asciidoc a2x
asciidoctor: asciidoctor
attr: setfattr getfattr
autoconf: autoconf autoreconf autoheader autom4te
automake: automake aclocal
autopoint: autopoint
bash: bash
bc: bc
bind9-dnsutils: dig nslookup
bison: bison yacc
bsdextrautils: hexdump column
bzip2: bzip2 bunzip2
ca-certificates: update-ca-certificates
cargo: cargo
ccache: ccache
clang: clang clang++
cmake: cmake ctest cpack
coreutils: cat chgrp chmod chown cp cut date head id install ln ls mkdir mktemp mv rm rmdir sha256sum sort stat tail touch tr true uname wc whoami
cpio: cpio
cron: cron crontab
curl: curl
cython3: cython3
dash: dash sh
dbus-bin: dbus-uuidgen dbus-send
dc: dc
debconf: debconf-set-selections
device-tree-compiler: dtc
diffutils: diff cmp
dos2unix: dos2unix unix2dos
doxygen: doxygen
dpkg-dev: dpkg-architecture dpkg-buildflags
dumb-init: dumb-init
ed: ed
fakeroot: fakeroot
file: file
findutils: find xargs
flex: flex lex
fontconfig: fc-cache fc-list
g++: g++ c++
gawk: gawk
gcc: gcc cc
gettext: msgfmt xgettext msgmerge
gettext-base: gettext envsubst
gfortran: gfortran
git: git
golang-go: go
gosu: gosu
gperf: gperf
gpg: gpg
gpgv: gpgv
graphviz: dot
grep: grep egrep fgrep
groff-base: groff nroff troff
gtk-doc-tools: gtkdocize gtkdoc-scan
gzip: gzip gunzip
help2man: help2man
hostname: hostname
imagemagick: convert magick
init-system-helpers: invoke-rc.d service update-rc.d
intltool: intltoolize
iproute2: ip ss
iputils-ping: ping
jq: jq
kmod: modprobe depmod
less: less
libc-bin: getent iconv ldconfig ldd locale localedef
libcap2-bin: setcap getcap
libglib2.0-dev-bin: glib-mkenums glib-genmarshal gdbus-codegen
libtool: libtoolize
libtool-bin: libtool
libwayland-bin: wayland-scanner
libxml2-utils: xmllint
lld: lld ld.lld
llvm: llvm-config llvm-ar
locales: locale-gen update-locale
lsb-release: lsb_release
lsof: lsof
lua5.4: lua luac
m4: m4
make: make
man-db: mandb
mawk: awk mawk
mercurial: hg
meson: meson
nano: nano
nasm: nasm
ncurses-bin: tic tput infocmp
net-tools: ifconfig netstat route
netcat-openbsd: nc
nginx: nginx
ninja-build: ninja
nodejs: node
npm: npm
openssh-client: ssh scp ssh-keygen
openssh-server: sshd
openssl: openssl
pandoc: pandoc
passwd: useradd usermod userdel groupadd groupmod groupdel passwd chpasswd chsh
patchelf: patchelf
perl: perl pod2man
php-cli: php
pkgconf: pkg-config pkgconf
postgresql-client: psql
procps: ps sysctl top pgrep pkill
protobuf-c-compiler: protoc-c
protobuf-compiler: protoc
psmisc: killall fuser pstree
python3: python3 python
python3-docutils: rst2man
python3-pip: pip pip3
python3-sphinx: sphinx-build
ragel: ragel
re2c: re2c
rpcsvc-proto: rpcgen
rsync: rsync
ruby: ruby
rustc: rustc
scdoc: scdoc
scons: scons
sed: sed
socat: socat
sqlite3: sqlite3
strace: strace
subversion: svn
sudo: sudo visudo
supervisor: supervisord
swig: swig
systemd: systemctl systemd-sysusers systemd-tmpfiles
tar: tar
tcl: tclsh
texinfo: makeinfo texi2any
tini: tini
tree: tree
unzip: unzip
util-linux: getopt rev flock su setpriv runuser
uuid-runtime: uuidgen
valac: valac
vim: vim
wget: wget
xmlto: xmlto
xsltproc: xsltproc
xxd: xxd
xz-utils: xz unxz
yasm: yasm
zip: zip
zstd: zstd
`;

/** Finds the name of the package of a program. */
export function packageOfTool(tool: string): string | undefined {
  const line = toolPackages
    .trim()
    .split('\n')
    .find((each) => each.split(/:? /).slice(1).includes(tool));
  return line?.split(': ')[0];
}
