/**
 * Debian's packages of the libraries that C and C++ programs use most. A line holds a package, its headers as
 * programs include them (a slash ends a folder), its libraries (`z` for `-lz`; `!` marks one that Debian has
 * as a shared library only) and its names for pkg-config. Made from the indexes `Contents-amd64` and
 * `Contents-all` of Debian 12 and, for the names of packages, from `Packages` of Debian 13.
 */
export const developmentPackages = `
binutils-dev: bfd.h dis-asm.h | bfd opcodes ctf |
catch2: catch2/ | Catch2WithMain | catch2
check: check.h check_stdint.h | check check_pic | check
guile-3.0-dev: libguile.h libguile/ | guile-3.0 | guile-3.0
libabsl-dev: absl/ | absl_base | absl_base
libacl1-dev: acl/ sys/acl.h | acl | libacl
libaio-dev: libaio.h | aio |
libaom-dev: aom/ | aom | aom
libarchive-dev: archive.h archive_entry.h | archive | libarchive
libargon2-dev: argon2.h | argon2 | libargon2
libasound2-dev: asoundlib.h alsa/ | asound! | alsa
libattr1-dev: attr/ | attr | libattr
libaudit-dev: libaudit.h | audit | audit
libavcodec-dev: libavcodec/ | avcodec | libavcodec
libavformat-dev: libavformat/ | avformat | libavformat
libavif-dev: avif/ | avif! | libavif
libavutil-dev: libavutil/ | avutil | libavutil
libb2-dev: blake2.h | b2 | libb2
libbenchmark-dev: benchmark/ | benchmark! benchmark_main | benchmark
libblkid-dev: blkid/ blkid.h | blkid | blkid
libboost-dev: boost/ | |
libbpf-dev: bpf/ | bpf | libbpf
libbrotli-dev: brotli/ | brotlidec brotlienc brotlicommon | libbrotlidec libbrotlienc libbrotlicommon
libbsd-dev: bsd/ | bsd bsd-ctor | libbsd libbsd-ctor libbsd-overlay
libbz2-dev: bzlib.h | bz2 |
libc-ares-dev: ares.h ares_dns.h ares_build.h ares_rules.h ares_nameser.h ares_version.h | cares | libcares
libcairo2-dev: cairo.h cairo/ | cairo | cairo
libcap-dev: sys/capability.h | cap psx | libcap
libcap-ng-dev: cap-ng.h | cap-ng drop_ambient | libcap-ng
libcjson-dev: cjson/ | cjson! | libcjson
libcmocka-dev: cmocka.h cmockery/ cmocka_pbc.h | cmocka! cmockery! | cmocka
libconfig-dev: libconfig.h | config | libconfig
libcppunit-dev: cppunit/ | cppunit cppunit-1.15! | cppunit
libcrypt-dev: crypt.h | crypt | libcrypt libxcrypt
libcryptsetup-dev: libcryptsetup.h | | libcryptsetup
libcurl4-openssl-dev: curl/ | curl | libcurl
libdav1d-dev: dav1d/ | dav1d! | dav1d
libdb5.3-dev: db.h db_185.h | db db-5.3 |
libdbus-1-dev: dbus/ | dbus-1 | dbus-1
libdeflate-dev: libdeflate.h | deflate | libdeflate
libdevmapper-dev: libdevmapper.h libdevmapper-event.h | devmapper! devmapper-event! | devmapper devmapper-event
libdrm-dev: drm.h libdrm/ xf86drm.h | drm | libdrm
libdw-dev: dwarf.h elfutils/ | dw | libdw
libedit-dev: editline/ histedit.h | edit | libedit
libegl-dev: EGL/ | EGL! | egl
libeigen3-dev: Eigen/ unsupported/ | | eigen3
libelf-dev: libelf.h gelf.h | elf | libelf
libev-dev: ev.h ev++.h | ev |
libevdev-dev: libevdev/ libevdev-1.0/ | evdev | libevdev
libevent-dev: event.h event2/ evdns.h evrpc.h evhttp.h evutil.h | event event_core event_extra event_openssl event_pthreads | libevent libevent_core libevent_extra
libexpat1-dev: expat.h expat_config.h expat_external.h | expat expatw | expat
libffi-dev: ffi.h ffitarget.h | ffi ffi_pic | libffi
libfftw3-dev: fftw3.h | fftw3 fftw3f | fftw3 fftw3f
libflac-dev: FLAC/ | FLAC | flac
libfmt-dev: fmt/ | fmt! | fmt
libfontconfig-dev: fontconfig/ | fontconfig | fontconfig
libfreetype-dev: freetype/ ft2build.h | freetype | freetype2
libfribidi-dev: fribidi/ fribidi.h fribidi-bidi.h fribidi-flags.h fribidi-shape.h fribidi-types.h | fribidi | fribidi
libftdi1-dev: libftdi1/ | ftdi1 | libftdi1
libfuse3-dev: fuse3/ fuse.h | fuse3 | fuse3
libgcrypt20-dev: gcrypt.h | gcrypt | libgcrypt
libgd-dev: gd.h | gd | gdlib
libgdbm-dev: gdbm.h | gdbm |
libgflags-dev: gflags/ | gflags gflags_nothreads | gflags
libgif-dev: gif_lib.h | gif | libgif libgif7
libgit2-dev: git2/ git2.h | git2 | libgit2
libgl-dev: GL/ KHR/ | GL! | gl
libglfw3-dev: GLFW/ | glfw! | glfw3
libglib2.0-dev: glib.h glib/ gio/ gobject/ gmodule.h glib-object.h | glib-2.0 gio-2.0 gobject-2.0 gmodule-2.0 | glib-2.0 gio-2.0 gobject-2.0
libgmock-dev: gmock/ | gmock gmock_main | gmock gmock_main
libgmp-dev: gmp.h gmpxx.h | gmp gmpxx | gmp gmpxx
libgnutls28-dev: gnutls/ | gnutls gnutlsxx gnutls-dane gnutls-openssl | gnutls gnutls-dane
libgoogle-glog-dev: glog/ | glog | libglog
libgoogle-perftools-dev: gperftools/ | tcmalloc tcmalloc_minimal profiler | libtcmalloc libprofiler
libgpg-error-dev: gpgrt.h gpg-error.h | gpg-error | gpg-error
libgpgme-dev: gpgme.h | gpgme | gpgme
libgsl-dev: gsl/ | gsl gslcblas | gsl
libgtest-dev: gtest/ | gtest gtest_main | gtest gtest_main
libgtk-3-dev: gtk/ gdk/ | gtk-3! gdk-3! | gtk+-3.0 gdk-3.0
libharfbuzz-dev: hb.h hb-ft.h harfbuzz/ | harfbuzz! | harfbuzz
libhdf5-dev: hdf5.h | hdf5_serial | hdf5-serial
libheif-dev: libheif/ | heif! | libheif
libhidapi-dev: hidapi/ | hidapi-hidraw hidapi-libusb | hidapi-hidraw hidapi-libusb
libhiredis-dev: hiredis/ | hiredis | hiredis
libicu-dev: unicode/ | icuio icutu icuuc icudata icui18n | icu-io icu-uc icu-i18n
libidn2-dev: idn2.h | idn2 | libidn2
libjansson-dev: jansson.h jansson_config.h | jansson | jansson
libjemalloc-dev: jemalloc/ | jemalloc jemalloc_pic | jemalloc
libjpeg62-turbo-dev: jpegint.h jpeglib.h jerror.h jconfig.h jmorecfg.h | jpeg | libjpeg
libjson-c-dev: json-c/ | json-c | json-c
libkmod-dev: libkmod.h | kmod! | libkmod
libkrb5-dev: krb5.h krb5/ gssapi/ gssapi.h gssrpc/ | krb5! gssapi_krb5! k5crypto! | krb5 krb5-gssapi
liblapack-dev: | lapack | lapack
liblapacke-dev: lapacke.h | lapacke | lapacke
liblcms2-dev: lcms2.h lcms2_plugin.h | lcms2! | lcms2
libldap-dev: ldap.h lber.h | ldap lber | ldap
libleveldb-dev: leveldb/ | memenv leveldb |
liblmdb-dev: lmdb.h | lmdb | lmdb
libltdl-dev: ltdl.h libltdl/ | ltdl |
liblua5.1-0-dev: lua5.1/ | lua5.1 | lua5.1
liblua5.3-dev: lua5.3/ | lua5.3 | lua5.3
liblua5.4-dev: lua.h lua.hpp lualib.h lauxlib.h luaconf.h lua5.4/ | lua5.4 | lua5.4 lua
libluajit-5.1-dev: luajit.h luajit-2.1/ | luajit-5.1 | luajit
liblz4-dev: lz4.h lz4hc.h lz4frame.h lz4frame_static.h | lz4 | liblz4
liblzma-dev: lzma/ lzma.h | lzma | liblzma
liblzo2-dev: lzo/ | lzo2 | lzo2
libmagic-dev: magic.h file/ | magic | libmagic
libmariadb-dev: mariadb/ mysql.h | mariadb mariadbclient | mariadb libmariadb
libmbedtls-dev: mbedtls/ psa/ | mbedtls mbedx509 mbedcrypto |
libmd-dev: md5.h sha1.h sha2.h | md | libmd
libmicrohttpd-dev: microhttpd.h | microhttpd | libmicrohttpd
libmimalloc-dev: mimalloc.h mimalloc-override.h mimalloc-new-delete.h | mimalloc! |
libmnl-dev: libmnl/ | mnl! | libmnl
libmount-dev: libmount/ libmount.h | mount! | mount
libmp3lame-dev: lame/ | mp3lame | lame
libmpc-dev: mpc.h | mpc |
libmpfr-dev: mpfr.h mpf2mpfr.h | mpfr | mpfr
libmpg123-dev: mpg123.h fmt123.h out123.h syn123.h | mpg123! out123! syn123! | libmpg123 libout123 libsyn123
libncurses-dev: curses.h ncurses.h term.h panel.h menu.h form.h | ncurses ncursesw tinfo panel menu | ncurses ncursesw tinfo
libnftnl-dev: libnftnl/ | nftnl | libnftnl
libnghttp2-dev: nghttp2/ | nghttp2 | libnghttp2
libnl-3-dev: netlink/ | nl-3 | libnl-3.0
libnuma-dev: numa.h numaif.h numacompat1.h | numa | numa
libogg-dev: ogg/ | ogg | ogg
libonig-dev: oniggnu.h onigposix.h oniguruma.h | onig! | oniguruma
libopenal-dev: AL/ | openal! | openal
libopenblas-dev: cblas.h | openblas | openblas
libopenexr-dev: OpenEXR/ | OpenEXR! | OpenEXR
libopenjp2-7-dev: openjpeg.h openjpeg-2.5/ opj_config.h opj_stdint.h | openjp2 openjpip_server | libopenjp2 libopenjpip
libopus-dev: opus/ | opus | opus
libpam0g-dev: security/ | pam pamc pam_misc | pam pamc pam_misc
libpango1.0-dev: pango/ | pango-1.0! pangoft2-1.0! pangoxft-1.0! pangocairo-1.0! | pango pangofc pangoot
libpcap-dev: pcap.h pcap/ | pcap | libpcap
libpci-dev: pci/ | pci! | libpci
libpcre2-dev: pcre2.h pcre2posix.h | pcre2-8 pcre2-16 pcre2-32 pcre2-posix | libpcre2-8 libpcre2-16 libpcre2-32
libpixman-1-dev: pixman.h pixman-version.h | pixman-1 | pixman-1
libpng-dev: png.h pngconf.h pnglibconf.h | png png16 | libpng libpng16
libpopt-dev: popt.h | popt | popt
libpq-dev: libpq-fe.h libpq/ postgresql/ | pq | libpq
libprotobuf-c-dev: protobuf-c/ | protobuf-c | libprotobuf-c
libprotobuf-dev: google/ | protobuf protobuf-lite | protobuf protobuf-lite
libpsl-dev: libpsl.h | psl | libpsl
libpugixml-dev: pugixml.hpp pugiconfig.hpp | pugixml | pugixml
libpulse-dev: pulse/ | pulse! pulse-simple! pulse-mainloop-glib! | libpulse libpulse-simple libpulse-mainloop-glib
libre2-dev: re2/ | re2 | re2
libreadline-dev: readline/ | history readline | readline
librsvg2-dev: librsvg/ librsvg-2.0/ | rsvg-2! | librsvg-2.0
librtmp-dev: librtmp/ | rtmp | librtmp
libsamplerate0-dev: samplerate.h | samplerate! | samplerate
libsasl2-dev: sasl/ | sasl2 | libsasl2
libsdl2-dev: SDL.h SDL2/ | SDL2 SDL2main | sdl2
libseccomp-dev: seccomp.h seccomp-syscalls.h | seccomp | libseccomp
libselinux1-dev: selinux/ | selinux | libselinux
libslang2-dev: slang.h slcurses.h | slang | slang
libsnappy-dev: snappy.h snappy-c.h snappy-sinksource.h snappy-stubs-public.h | snappy snappy-shared | snappy
libsndfile1-dev: sndfile.h sndfile.hh | sndfile! | sndfile
libsodium-dev: sodium/ sodium.h | sodium | libsodium
libspdlog-dev: spdlog/ | spdlog! | spdlog
libspeex-dev: speex/ | speex | speex
libsqlite3-dev: sqlite3.h sqlite3ext.h | sqlite3 | sqlite3
libssh-dev: libssh/ | ssh | libssh
libssh2-1-dev: libssh2.h libssh2_sftp.h libssh2_publickey.h | ssh2 | libssh2
libssl-dev: openssl/ | ssl crypto | libssl openssl libcrypto
libswscale-dev: libswscale/ | swscale | libswscale
libsystemd-dev: systemd/ | systemd! | libsystemd
libtbb-dev: tbb/ oneapi/ | tbb! | tbb
libtiff-dev: tiff.h tiffio.h tiffconf.h tiffio.hxx tiffvers.h | tiff tiffxx | libtiff-4
libtinyxml2-dev: tinyxml2.h | tinyxml2! | tinyxml2
libtirpc-dev: rpc/ tirpc/ | tirpc | libtirpc
libudev-dev: libudev.h | udev! | libudev
libunistring-dev: unistr.h unicase.h uninorm.h | unistring |
libunwind-dev: libunwind.h | unwind unwind-generic | libunwind
liburing-dev: liburing/ liburing.h | uring | liburing
libusb-1.0-0-dev: libusb.h | usb-1.0 | libusb-1.0
libuv1-dev: uv.h uv/ | uv! uv_a | libuv libuv-static
libvorbis-dev: vorbis/ | vorbis vorbisenc vorbisfile | vorbis vorbisenc vorbisfile
libvpx-dev: vpx/ | vpx | vpx
libvulkan-dev: vulkan/ vk_video/ | vulkan! | vulkan
libwayland-dev: wayland-client.h wayland-server.h wayland-egl.h | wayland-client! wayland-server! | wayland-client wayland-server
libwebp-dev: webp/ | webp webpmux webpdemux | libwebp libwebpmux libwebpdemux
libwebsockets-dev: libwebsockets/ libwebsockets.h lws_config.h | websockets | libwebsockets
libx11-dev: X11/ | X11 | x11
libx264-dev: x264.h x264_config.h | x264 | x264
libx265-dev: x265.h x265_config.h | x265 | x265
libxcb1-dev: xcb/ | xcb | xcb
libxext-dev: | Xext | xext
libxft-dev: | Xft | xft
libxi-dev: | Xi | xi
libxinerama-dev: | Xinerama | xinerama
libxkbcommon-dev: xkbcommon/ | xkbcommon! | xkbcommon
libxml2-dev: libxml/ | xml2 | libxml-2.0
libxrandr-dev: | Xrandr | xrandr
libxrender-dev: | Xrender | xrender
libxslt1-dev: libxslt/ libexslt/ | xslt! exslt! | libxslt libexslt
libxxhash-dev: xxh3.h xxhash.h xxh_x86dispatch.h | xxhash | libxxhash
libyaml-cpp-dev: yaml-cpp/ | yaml-cpp | yaml-cpp
libyaml-dev: yaml.h | yaml | yaml-0.1
libzip-dev: zip.h zipconf.h | zip! | libzip
libzmq3-dev: zmq.h zmq_utils.h | zmq | libzmq
libzstd-dev: zstd.h zstd_errors.h zdict.h | zstd | libzstd
nettle-dev: nettle/ | nettle hogweed | nettle hogweed
nlohmann-json3-dev: nlohmann/ | | nlohmann_json
portaudio19-dev: portaudio.h | portaudio | portaudio-2.0
python3-dev: Python.h | | python3
rapidjson-dev: rapidjson/ | | RapidJSON
systemtap-sdt-dev: sys/sdt.h | |
tcl-dev: | tcl tclstub | tcl
unixodbc-dev: sql.h sqlext.h odbcinst.h | odbc odbcinst | odbc
uuid-dev: uuid/ uuid.h | uuid | uuid
zlib1g-dev: zlib.h zconf.h | z | zlib
`;
