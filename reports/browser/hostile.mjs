// hostile.mjs: a handler whose answers are what no page may run, and which repeats all
// that it was sent, the secret included.
import { createServer } from "node:http";

const script = `</pre></noscript></textarea><script>window.hurt=1</script><img src=x onerror="window.hurt=1">`;
const odd = "\u202e\u0000\u001b[31m\u2028" + "x".repeat(5000);
const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("error", () => {});
  request.on("end", () => {
    if (Math.random() < 0.02) return request.socket.destroy();
    response.writeHead(200, { "Content-Type": "text/html", "X-Script": script });
    response.end(script + JSON.stringify(request.headers) + Buffer.concat(chunks).subarray(0, 2000) + odd);
  });
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}/webhook`));
