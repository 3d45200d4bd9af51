// Since 1.30 the library reports its use to its maker unless this is set before it is loaded.
process.env.ORT_DISABLE_TELEMETRY = '1';
