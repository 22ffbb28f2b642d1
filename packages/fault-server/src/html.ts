/** The error page of an nginx that lost its upstream, on several lines as nginx sends it. */
export const BAD_GATEWAY_PAGE: string = [
  '<html>',
  '<head><title>502 Bad Gateway</title></head>',
  '<body>',
  '<center><h1>502 Bad Gateway</h1></center>',
  '<hr><center>nginx</center>',
  '</body>',
  '</html>',
  '',
].join('\r\n')
