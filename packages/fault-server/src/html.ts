const formatPage = (title: string): string =>
  [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>nginx</center>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n')

/** The error page of an nginx that lost its upstream, on several lines as nginx sends it. */
export const BAD_GATEWAY_PAGE: string = formatPage('502 Bad Gateway')

/** The error page of an nginx that lets nobody through. */
export const FORBIDDEN_PAGE: string = formatPage('403 Forbidden')
