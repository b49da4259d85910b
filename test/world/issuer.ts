/**
 * A real issuer of tokens for tests: an HTTP server with discovery and keys, which signs, changes its keys, and fails on demand. People sign
 * in there, too, by the authorization code flow with PKCE: whoever is `login` is signed in, without a word.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
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

/** A client of the issuer. */
export interface Client {
  readonly id: string;
  /** Null: a public one. */
  readonly secret: string | null;
  /** The one address that people are sent back to. */
  readonly callback: string;
}

/** A sign-in under way: what was asked for, and who is signed in. */
interface Begun {
  readonly query: URLSearchParams;
  readonly subject: string;
}

/** See the head of this file. */
export class TestIssuer {
  readonly #server: Server;
  readonly #pairs = new Map<string, Pair>();
  #told: readonly string[] = [];
  #newest = '';
  /** How often was each path asked for? */
  readonly asked = { discovery: 0, keys: 0 };
  /** Who is signed in there; null: nobody, and whoever comes is refused. */
  login: string | null = null;
  client: Client | null = null;
  /** Changes what its tokens for people say. */
  bend: (claims: JWTPayload) => JWTPayload = (claims) => claims;
  readonly #codes = new Map<string, Begun>();
  /** `down`: no answer; `broken`: an error page; `lying`: discovery of somebody else; `moved`: the keys are told to be elsewhere. */
  mood: 'well' | 'down' | 'broken' | 'lying' | 'moved' = 'well';

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Starts one on a free port, with one key of an algorithm. */
  static async start(algorithm = 'ES256'): Promise<TestIssuer> {
    const server = createServer((request, response) => issuer.#answer(request, response));
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

  /** Sends whoever comes back with a code, or with an error. */
  #authorize(query: URLSearchParams, response: ServerResponse): void {
    const back = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== this.client?.id || back !== this.client.callback || query.get('response_type') !== 'code' || query.get('code_challenge_method') !== 'S256' || query.get('scope')?.split(' ').includes('openid') !== true) {
      response.writeHead(400).end('no such client');
      return;
    }
    const to = new URL(back);
    to.searchParams.set('state', query.get('state') ?? '');
    to.searchParams.set('iss', this.url);
    if (this.login === null) to.searchParams.set('error', 'access_denied');
    else {
      const code = randomBytes(16).toString('hex');
      this.#codes.set(code, { query, subject: this.login });
      to.searchParams.set('code', code);
    }
    response.writeHead(302, { location: to.href }).end();
  }

  /** Redeems a code once, for the client that it was given to and the browser that asked. */
  async #redeem(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of request) body += String(part);
    const form = new URLSearchParams(body);
    const begun = this.#codes.get(form.get('code') ?? '');
    this.#codes.delete(form.get('code') ?? '');
    const { client } = this;
    const [id = '', secret = null] = request.headers.authorization === undefined ? [form.get('client_id') ?? ''] : Buffer.from(request.headers.authorization.replace(/^Basic /, ''), 'base64').toString().split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (begun === undefined || client === null || id !== client.id || secret !== client.secret || form.get('grant_type') !== 'authorization_code' || form.get('redirect_uri') !== client.callback || challenge !== begun.query.get('code_challenge')) {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
      return;
    }
    const now = Math.floor(Date.now() / 1000);
    const token = await this.sign(this.bend({ iss: this.url, aud: client.id, sub: begun.subject, iat: now, exp: now + 300, nonce: begun.query.get('nonce') }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id_token: token, access_token: 'opaque', token_type: 'Bearer' }));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://issuer');
    const page = path === '/keys' ? 'keys' : 'discovery';
    if (path !== '/authorize' && path !== '/token') this.asked[page] += 1;
    if (this.mood === 'down') {
      response.socket?.destroy();
      return;
    }
    if (this.mood === 'moved' && page === 'keys') {
      response.writeHead(302, { location: `${this.url}/elsewhere` }).end();
      return;
    }
    if (this.mood !== 'broken' && path === '/authorize') {
      this.#authorize(searchParams, response);
      return;
    }
    if (this.mood !== 'broken' && path === '/token') {
      void this.#redeem(request, response);
      return;
    }
    const body = page === 'keys' ? { keys: this.#told.map((kid) => this.#pair(kid).publicJwk) } : { issuer: this.mood === 'lying' ? 'https://else.example' : this.url, jwks_uri: this.keysUrl, authorization_endpoint: `${this.url}/authorize?tenant=county`, token_endpoint: `${this.url}/token` };
    response.writeHead(this.mood === 'broken' ? 500 : path === '/keys' || path === '/.well-known/openid-configuration' ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}
