/**
 * Debian's packages of the programs that builds call: a package and its programs on each line. Made from the
 * indexes `Contents-amd64` and `Contents-all` of Debian 12; what is an alternative (yacc, awk) stands at the
 * package that Debian prefers.
 */
export const toolPackages = `
asciidoc: asciidoc a2x
asciidoctor: asciidoctor
autoconf: autoconf autoreconf autoheader autom4te
automake: automake aclocal
autopoint: autopoint
bash: bash
bc: bc
bison: bison yacc
bsdextrautils: hexdump column
bzip2: bzip2 bunzip2
cargo: cargo
ccache: ccache
clang: clang clang++
cmake: cmake ctest cpack
cpio: cpio
curl: curl
cython3: cython3
dc: dc
device-tree-compiler: dtc
dos2unix: dos2unix unix2dos
doxygen: doxygen
dpkg-dev: dpkg-architecture dpkg-buildflags
ed: ed
file: file
flex: flex lex
gawk: gawk
gettext: msgfmt xgettext msgmerge
gettext-base: gettext envsubst
gfortran: gfortran
git: git
golang-go: go
gperf: gperf
graphviz: dot
groff-base: groff nroff troff
gtk-doc-tools: gtkdocize gtkdoc-scan
help2man: help2man
imagemagick: convert magick
intltool: intltoolize
jq: jq
libglib2.0-dev-bin: glib-mkenums glib-genmarshal gdbus-codegen
libtool: libtoolize
libtool-bin: libtool
libwayland-bin: wayland-scanner
libxml2-utils: xmllint
lld: lld ld.lld
llvm: llvm-config llvm-ar
lua5.4: lua luac
m4: m4
mawk: awk mawk
mercurial: hg
meson: meson
nasm: nasm
ncurses-bin: tic tput infocmp
ninja-build: ninja
nodejs: node
npm: npm
openssl: openssl
pandoc: pandoc
patchelf: patchelf
perl: perl pod2man
pkgconf: pkg-config pkgconf
procps: ps
protobuf-c-compiler: protoc-c
protobuf-compiler: protoc
python3: python3 python
python3-docutils: rst2man
python3-sphinx: sphinx-build
ragel: ragel
re2c: re2c
rpcsvc-proto: rpcgen
rsync: rsync
ruby: ruby
rustc: rustc
scdoc: scdoc
scons: scons
sqlite3: sqlite3
subversion: svn
swig: swig
tcl: tclsh
texinfo: makeinfo texi2any
unzip: unzip
util-linux: getopt rev flock
uuid-runtime: uuidgen
valac: valac
wget: wget
xmlto: xmlto
xsltproc: xsltproc
xxd: xxd
xz-utils: xz unxz
yasm: yasm
zip: zip
zstd: zstd
`;
