set -eux
mkdir out
mkdir -p src
'tar' '-xf' 'demo_1.0.orig.tar.gz' '--strip-components=1' '--no-same-owner' '-C' 'src'
cd src
'./configure' '--prefix=/usr; rm -rf /'
'make' '$(id)'
if test -f 'src/demo'; then
  'cp' 'src/demo' '../out/0'
fi
if test -f 'my tool'; then
  'cp' 'my tool' '../out/1'
fi
cd ..
