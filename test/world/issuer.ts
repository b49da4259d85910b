/**
 * A real issuer of tokens for tests: an HTTP server with discovery and keys, which signs, changes its keys, and fails on demand.
 */
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';

interface Pair {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** How a token is signed where it is not as usual. */
export interface Signing {
  /** A key of the issuer, told or not; its newest unless said. */
  readonly kid?: string;
  /** Another key, under whatever `kid` it claims. */
  readonly key?: CryptoKey | Uint8Array;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** See the head of this file. */
export class TestIssuer {
  readonly #server: Server;
  readonly #pairs = new Map<string, Pair>();
  #told: readonly string[] = [];
  #newest = '';
  /** How often was each path asked for? */
  readonly asked = { discovery: 0, keys: 0 };
  /** `down`: no answer; `broken`: an error page; `lying`: discovery of somebody else; `moved`: the keys are told to be elsewhere. */
  mood: 'well' | 'down' | 'broken' | 'lying' | 'moved' = 'well';

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Starts one on a free port, with one key of an algorithm. */
  static async start(algorithm = 'ES256'): Promise<TestIssuer> {
    const server = createServer((request, response) => issuer.#answer(request.url ?? '', response));
    const issuer = new TestIssuer(server);
    await issuer.addKey(algorithm);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return issuer;
  }

  /** Its name, and its address. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get keysUrl(): string {
    return `${this.url}/keys`;
  }

  /** A new key, which it signs with from now on; told unless said otherwise. Gives its name. */
  async addKey(algorithm = 'ES256', told = true): Promise<string> {
    const kid = `key-${this.#pairs.size + 1}`;
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    this.#pairs.set(kid, { kid, algorithm, privateKey, publicJwk: { ...await exportJWK(publicKey), kid, alg: algorithm, use: 'sig' } });
    if (told) this.#told = [...this.#told, kid];
    this.#newest = kid;
    return kid;
  }

  /** Tells these keys and no others. */
  tell(...kids: readonly string[]): void {
    this.#told = kids;
  }

  publicKeyOf(kid: string): JWK {
    return this.#pair(kid).publicJwk;
  }

  /** A token with these claims; `exp` and the like as numbers. */
  sign(claims: JWTPayload, { kid = this.#newest, key, header = {} }: Signing = {}): Promise<string> {
    const known = this.#pairs.get(kid);
    return new SignJWT(claims).setProtectedHeader({ alg: known?.algorithm ?? 'ES256', kid, ...header }).sign(key ?? this.#pair(kid).privateKey);
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((closed) => { this.#server.close(() => closed()); });
  }

  #pair(kid: string): Pair {
    const pair = this.#pairs.get(kid);
    if (pair === undefined) throw new Error(`This issuer never had a key ${kid}.`);
    return pair;
  }

  #answer(path: string, response: ServerResponse): void {
    const page = path === '/keys' ? 'keys' : 'discovery';
    this.asked[page] += 1;
    if (this.mood === 'down') {
      response.socket?.destroy();
      return;
    }
    if (this.mood === 'moved' && page === 'keys') {
      response.writeHead(302, { location: `${this.url}/elsewhere` }).end();
      return;
    }
    const body = page === 'keys' ? { keys: this.#told.map((kid) => this.#pair(kid).publicJwk) } : { issuer: this.mood === 'lying' ? 'https://else.example' : this.url, jwks_uri: this.keysUrl };
    response.writeHead(this.mood === 'broken' ? 500 : path === '/keys' || path === '/.well-known/openid-configuration' ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}
