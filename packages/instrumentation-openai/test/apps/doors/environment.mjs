console.log(JSON.stringify(Object.entries(process.env).filter(([name]) => /^(OTEL|STREAMGAUGE)_/.test(name))))
