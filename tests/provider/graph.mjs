// Groups that do not fit into a token, as Microsoft Entra ID and Graph have them.

const MOST_IN_TOKENS = 200;
const PAGE = 100;

export const PATH = '/v1.0/me/transitiveMemberOf';

/** The claims about somebody's groups: the groups, or where they are. */
export function groupClaims(groups) {
  if (groups.length === 0) return {};
  if (groups.length <= MOST_IN_TOKENS) return { groups };
  return {
    _claim_names: { groups: 'src1' },
    // What Entra writes here is out of date.
    _claim_sources: { src1: { endpoint: 'https://graph.windows.net/tenant/users/user/getMemberObjects' } },
  };
}

/** A page of the groups of whoever the access token is for. */
export async function answerGraph(provider, people, request, response) {
  const token = await provider.AccessToken.find((request.headers.authorization ?? '').replace(/^Bearer /, ''));
  const person = token && people.find(({ username }) => username === token.accountId);
  response.setHeader('content-type', 'application/json');
  if (!person) {
    response.statusCode = 401;
    return response.end('{"error":{"code":"InvalidAuthenticationToken"}}');
  }
  const address = new URL(request.url, provider.issuer);
  const start = Number(address.searchParams.get('$skiptoken') ?? 0);
  const value = person.groups.slice(start, start + PAGE).map((id) => ({ '@odata.type': '#microsoft.graph.group', id }));
  address.searchParams.set('$skiptoken', start + PAGE);
  const more = start + PAGE < person.groups.length ? { '@odata.nextLink': address.href } : {};
  return response.end(JSON.stringify({ value, ...more }));
}
