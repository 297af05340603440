/** What the configuration of an image says about how it was built, as far as secrets may stand there. */
interface OfficialImage {
  readonly Env: readonly string[];
  readonly history: readonly string[];
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const GOSU_KEY = 'B42F6819007F00F88E364FD4036A9C25BF357DD4';
const RECEIVE_GOSU = `RUN /bin/sh -c set -eux; export GNUPGHOME="$(mktemp -d)"; gpg --batch --keyserver hkps://keys.openpgp.org --recv-keys ${GOSU_KEY}; gpg --batch --verify /usr/local/bin/gosu.asc /usr/local/bin/gosu; gpgconf --kill all; gosu nobody true # buildkit`;

/** The environment and the telling steps of official images on Docker Hub, on which most images are built. */
export const OFFICIAL_IMAGES = {
  python: {
    Env: [
      PATH,
      'LANG=C.UTF-8',
      'GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305',
      'PYTHON_VERSION=3.12.7',
      'PYTHON_SHA256=24887b92e2afd4a2ac602419ad4b596372f67ac9b077190f459aba390faf5550',
    ],
    history: [
      'ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D',
      'RUN /bin/sh -c set -eux; wget -O python.tar.xz.asc "https://www.python.org/ftp/python/${PYTHON_VERSION%%[a-z]*}/Python-$PYTHON_VERSION.tar.xz.asc"; gpg --batch --keyserver hkps://keys.openpgp.org --recv-keys "$GPG_KEY"; gpg --batch --verify python.tar.xz.asc python.tar.xz # buildkit',
    ],
  },
  postgres: {
    Env: [PATH, 'GOSU_VERSION=1.17', 'PG_MAJOR=17', 'PG_VERSION=17.2-1.pgdg120+1', 'PGDATA=/var/lib/postgresql/data'],
    history: [
      RECEIVE_GOSU,
      `RUN /bin/sh -c set -ex; key='B97B0AFCAA1A47F044F244A07FCC7D46ACCC4CF8'; export GNUPGHOME="$(mktemp -d)"; mkdir -p /usr/local/share/keyrings/; gpg --batch --keyserver keyserver.ubuntu.com --recv-keys "$key"; gpg --batch --export --armor "$key" > /usr/local/share/keyrings/postgres.gpg.asc # buildkit`,
    ],
  },
  php: {
    Env: [
      PATH,
      'PHPIZE_DEPS=autoconf dpkg-dev file g++ gcc libc-dev make pkg-config re2c',
      'PHP_INI_DIR=/usr/local/etc/php',
      'PHP_CFLAGS=-fstack-protector-strong -fpic -fpie -O2 -D_LARGEFILE_SOURCE -D_FILE_OFFSET_BITS=64',
      'GPG_KEYS=1198C0117593497A5EC5C199286AF1F9897469DC C28D937575603EB4ABB725861C0779DC5C0A9DE4',
      'PHP_VERSION=8.3.14',
      'PHP_URL=https://www.php.net/distributions/php-8.3.14.tar.xz',
      'PHP_ASC_URL=https://www.php.net/distributions/php-8.3.14.tar.xz.asc',
      'PHP_SHA256=58b4cb9019bf70c0cbcdb814c7df79b9065059d14cf7dbf48d971f8e56ae9be7',
    ],
    history: [
      'ENV GPG_KEYS=1198C0117593497A5EC5C199286AF1F9897469DC',
      'RUN /bin/sh -c set -eux; for key in $GPG_KEYS; do gpg --batch --keyserver keyserver.ubuntu.com --recv-keys "$key"; done # buildkit',
    ],
  },
  nginx: {
    Env: [PATH, 'NGINX_VERSION=1.27.2', 'NJS_VERSION=0.8.6', 'NJS_RELEASE=1~bookworm', 'DYNPKG_RELEASE=1~bookworm'],
    history: [
      'LABEL maintainer=NGINX Docker Maintainers <docker-maint@nginx.com>',
      'RUN /bin/sh -c set -x && groupadd --system --gid 101 nginx && NGINX_GPGKEYS="573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62 8540A6F18833A80E9C1653A42FD21310B49F6B46 9E9BE90EACBCDE69FE9B204CBCDCD8A38D88A2B3"; NGINX_GPGKEY_PATH=/etc/apt/keyrings/nginx-archive-keyring.gpg; export GNUPGHOME="$(mktemp -d)"; for server in hkp://keyserver.ubuntu.com:80 pgp.mit.edu; do gpg1 --keyserver "$server" --keyserver-options timeout=10 --recv-keys $NGINX_GPGKEYS && break; done # buildkit',
      'RUN /bin/sh -c NGINX_GPGKEY=573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62; apk add --no-cache openssl && KEY_SHA512="e09fa32f0a0eab2b879ccbbc4d0e4fb9751486eedda75e35fac65802cc9faa266425edf83e261137a2f4d16281ce2c1a5f4502930fe75154723da014214f0655" && wget -O /tmp/nginx_signing.rsa.pub https://nginx.org/keys/nginx_signing.rsa.pub # buildkit',
    ],
  },
  node: {
    Env: [PATH, 'NODE_VERSION=22.11.0', 'YARN_VERSION=1.22.22'],
    history: [
      'RUN /bin/sh -c set -ex && for key in 6A010C5166006599AA17F08146C2130DFD2497F5 ; do { gpg --batch --keyserver hkps://keys.openpgp.org --recv-keys "$key" && gpg --batch --fingerprint "$key"; } || { gpg --batch --keyserver keyserver.ubuntu.com --recv-keys "$key" && gpg --batch --fingerprint "$key"; } ; done # buildkit',
      'RUN /bin/sh -c ARCH= OPENSSL_ARCH= && dpkgArch="$(dpkg --print-architecture)" && case "${dpkgArch##*-}" in amd64) ARCH=x64 OPENSSL_ARCH=linux-x86_64;; esac && gpg --keyserver hkps://keys.openpgp.org --recv-keys C0D6248439F1D5604AAFFB4021D900FFDB233756 # buildkit',
    ],
  },
  'eclipse-temurin': {
    Env: ['JAVA_HOME=/opt/java/openjdk', PATH, 'LANG=en_US.UTF-8', 'JAVA_VERSION=jdk-21.0.5+11'],
    history: [
      `RUN /bin/sh -c set -eux; ARCH="$(dpkg --print-architecture)"; case "\${ARCH}" in amd64) ESUM='3c654d98404c073b8a7e66bffb27f4ae3e7ede47d13284c132d40a83144bfd8c'; BINARY_URL='https://github.com/adoptium/temurin21-binaries/releases/download/jdk-21.0.5%2B11/OpenJDK21U-jdk_x64_linux_hotspot_21.0.5_11.tar.gz'; ;; esac; wget -O /tmp/openjdk.tar.gz.sig \${BINARY_URL}.sig; gpg --batch --keyserver keyserver.ubuntu.com --recv-keys 3B04D753C9050D9A5D343F39843C48A565F8F04B # buildkit`,
    ],
  },
  mysql: {
    Env: [PATH, 'GOSU_VERSION=1.17', 'MYSQL_MAJOR=8.4', 'MYSQL_VERSION=8.4.3-1.el9', 'MYSQL_SHELL_VERSION=8.4.1-1.el9'],
    history: [
      RECEIVE_GOSU,
      `RUN /bin/sh -c set -eux; key='BCA4 3417 C3B4 85DD 128E C6D4 B7B3 B788 A8D3 785C'; export GNUPGHOME="$(mktemp -d)"; gpg --batch --keyserver keyserver.ubuntu.com --recv-keys "$key"; gpg --batch --export --armor "$key" > /etc/pki/rpm-gpg/RPM-GPG-KEY-mysql # buildkit`,
      'RUN /bin/sh -c key=859BE8D7C586F538430B19C2467B942D3A79BD29; gpg --batch --recv-keys "$key" # buildkit',
    ],
  },
  redis: {
    Env: [
      PATH,
      'GOSU_VERSION=1.17',
      'REDIS_VERSION=7.4.1',
      'REDIS_DOWNLOAD_URL=http://download.redis.io/releases/redis-7.4.1.tar.gz',
      'REDIS_DOWNLOAD_SHA=bc34b878eb89421bbfca6fa78752343bf37af312a09eb0fae47c9575977dfaa2',
    ],
    history: [
      RECEIVE_GOSU,
      'RUN /bin/sh -c set -eux; wget -O redis.tar.gz "$REDIS_DOWNLOAD_URL"; echo "$REDIS_DOWNLOAD_SHA *redis.tar.gz" | sha256sum -c -; # buildkit',
    ],
  },
  rabbitmq: {
    Env: [
      PATH,
      'RABBITMQ_PGP_KEY_ID=0x0A9AF2115F4687BD29803A206B73A36E6026DFCA',
      'OPENSSL_PGP_KEY_IDS=0x8657ABB260F056B1E5190839D9C4D26D0E604491',
      'ERLANG_INSTALL_PATH_PREFIX=/opt/erlang',
    ],
    history: ['RUN /bin/sh -c gpg --batch --keyserver hkps://keys.openpgp.org --recv-keys "$RABBITMQ_PGP_KEY_ID"'],
  },
  swift: {
    Env: [PATH, 'SWIFT_SIGNING_KEY=52BB7E3DE28A71BE22EC05FFEF80A866B47A981F', 'SWIFT_PLATFORM=ubuntu22.04'],
    history: ['ARG SWIFT_SIGNING_KEY=52BB7E3DE28A71BE22EC05FFEF80A866B47A981F'],
  },
  tomcat: {
    Env: [
      PATH,
      'GPG_KEYS=A9C5DF4D22E99998D9875A5110C01C5A2F6059E7',
      'TOMCAT_SHA512=39aaa4f4bd7ed2ad12e8a5e1e5b9d2d0d8b3bc4e36e6ff2ec9a0ec6bd6a7c1c0cc7ea2a0b48ee7c5a9b7d2a4c42f3a5b1f10c5a2f6059e7a9c5df4d22e99998d9',
    ],
    history: ['ENV GPG_KEYS=A9C5DF4D22E99998D9875A5110C01C5A2F6059E7'],
  },
} satisfies Readonly<Record<string, OfficialImage>>;
