set -eux
mkdir out
mkdir obj
cd src
'g++' '-O2' '-DNAME="it'\''s"' '-DLEVEL=3' '-DFAST' '-Iinclude' '-frandom-seed=main.cc' '-c' 'main.cc' '-o' '../obj/0.o'
'gcc' '-O2' '-DNAME="it'\''s"' '-DLEVEL=3' '-DFAST' '-Iinclude' '-frandom-seed=lib/part.c' '-c' 'lib/part.c' '-o' '../obj/1.o'
'g++' '-O2' '-static' '-Wl,--gc-sections' '-s' '-Wl,-Map=../out/link.map' '-o' '../out/0' '../obj/0.o' '../obj/1.o' '-lm'
cd ..
