return await Provost.Cli.Root.RunAsync(args);
