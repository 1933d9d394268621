return Provost.Cli.Root.Run(args);
