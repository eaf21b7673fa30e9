// An OpenID provider on loopback: npm's certified `oidc-provider` with sign-in pages of our own.
//
// The first line of standard input is the settings, as JSON (crates/kfwasm-rig/src/provider/settings.rs).
// The first line of standard output is {"issuer": …} when it listens. It ends when standard input does, so that
// it never outlives the program that started it.

import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createInterface } from 'node:readline';
import { Provider, interactionPolicy } from 'oidc-provider';
import { PATH as GRAPH, answerGraph, groupClaims } from './graph.mjs';
import { answerInteraction } from './interaction.mjs';
import { signOutPage } from './pages.mjs';

const KEY_TYPES = {
  RS: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES: (bits) => generateKeyPairSync('ec', { namedCurve: { 256: 'P-256', 384: 'P-384', 512: 'P-521' }[bits] }),
  Ed: () => generateKeyPairSync('ed25519'),
};

/** A signing key of its own for every start: starting again is a key rotation. */
function signingKey(algorithm) {
  const { privateKey } = KEY_TYPES[algorithm.slice(0, 2)](algorithm.slice(2));
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: algorithm, use: 'sig' };
}

/** Every user has consented to everything: consent is not what is tried here. */
async function consentToAll(ctx) {
  const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
  grant.addOIDCScope('openid profile email offline_access');
  await grant.save();
  return grant;
}

/** How the client shows that it is the client: by a secret, by a key, or not at all. */
function clientAuthentication({ clientAuthentication: method, clientSecret, clientKey }) {
  const keys = clientKey && { jwks: { keys: [{ ...createPublicKey(clientKey).export({ format: 'jwk' }), use: 'sig' }] } };
  const secret = method.startsWith('client_secret') && { client_secret: clientSecret };
  return { token_endpoint_auth_method: method, ...secret, ...keys };
}

/** Who is told when somebody signs out. The session's identifier then stands in ID tokens too. */
function backChannel({ backChannelLogoutUri }) {
  if (!backChannelLogoutUri) return {};
  return { backchannel_logout_uri: backChannelLogoutUri, backchannel_logout_session_required: true };
}

const { Check, base } = interactionPolicy;

/** Whoever has not signed in in a way that is asked for (`acr_values`) does so again; ways that nobody has are not heeded. */
function stepUpPolicy({ acrValues }) {
  const policy = base();
  policy.get('login').checks.add(new Check('acr_values', 'another sign-in is asked for', ({ oidc }) => {
    const asked = (oidc.params.acr_values?.split(' ') ?? []).filter((it) => acrValues.includes(it));
    return asked.length > 0 && !asked.includes(oidc.acr) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
  }));
  return policy;
}

function configuration(settings) {
  const people = new Map(settings.people.map((person) => [person.username, person]));
  const lifetime = () => settings.tokenSeconds;
  return {
    clients: [{
      client_id: settings.clientId,
      redirect_uris: settings.redirectUris,
      post_logout_redirect_uris: settings.redirectUris,
      ...clientAuthentication(settings),
      id_token_signed_response_alg: settings.algorithm,
      grant_types: ['authorization_code', 'refresh_token'],
      ...backChannel(settings),
    }],
    enabledJWA: { idTokenSigningAlgValues: [settings.algorithm], clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    jwks: { keys: [signingKey(settings.algorithm)] },
    cookies: { keys: [randomUUID()] },
    pkce: { required: () => true },
    // Most providers that companies run put the claims into the ID token.
    conformIdTokenClaims: settings.thinIdTokens,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username', 'groups'] },
    acrValues: settings.acrValues,
    findAccount: (_ctx, username) => people.has(username) && account(people.get(username)),
    loadExistingGrant: consentToAll,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true, logoutSource: signOutPage }, backchannelLogout: { enabled: true }, revocation: { enabled: true } },
    interactions: { policy: stepUpPolicy(settings), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    // Its own guard refuses back-channel calls to loopback, where everything here lives.
    fetch: (url, { dispatcher: _guard, ...options }) => globalThis.fetch(url, options),
    rotateRefreshToken: true,
    issueRefreshToken: async () => settings.refreshTokens,
    ttl: { AccessToken: lifetime, IdToken: lifetime, Session: 86_400, Grant: 86_400, RefreshToken: 86_400, Interaction: 600 },
  };
}

function account({ username, email, name, groups }) {
  const claims = { sub: username, email, email_verified: true, name, preferred_username: username };
  return { accountId: username, claims: async () => ({ ...claims, ...groupClaims(groups) }) };
}

function listen(settings) {
  const { tls } = settings;
  const issuer = tls ? `https://${tls.host}:${settings.port}` : `http://127.0.0.1:${settings.port}`;
  const provider = new Provider(issuer, configuration(settings));
  for (const event of ['server_error', 'authorization.error', 'grant.error', 'end_session.error', 'backchannel.error']) {
    provider.on(event, (_ctx, error) => console.error(`${event}: ${error.message} ${error.error_detail ?? ''}`));
  }
  const answer = provider.callback();
  const asked = new Map();
  const listener = (request, response) => {
    const { pathname } = new URL(request.url, issuer);
    if (pathname === '/rig/asked') return response.end(JSON.stringify(Object.fromEntries(asked)));
    const seconds = pathname.match(/^\/rig\/token-seconds\/(\d+)$/)?.[1];
    if (seconds) { settings.tokenSeconds = Number(seconds); return response.end(); }
    asked.set(pathname, (asked.get(pathname) ?? 0) + 1);
    if (pathname === GRAPH) return answerGraph(provider, settings.people, request, response);
    if (pathname.startsWith('/interaction/')) return answerInteraction(provider, settings, request, response);
    return answer(request, response);
  };
  const server = tls ? createSecureServer({ cert: tls.certificate, key: tls.key }, listener) : createServer(listener);
  server.on('error', (error) => { console.error(error.message); process.exit(1); });
  server.listen(settings.port, '127.0.0.1', () => console.log(JSON.stringify({ issuer })));
}

const input = createInterface({ input: process.stdin });
input.once('line', (line) => listen(JSON.parse(line)));
input.on('close', () => process.exit(0));
